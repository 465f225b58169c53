import { type HubSpotError, invalidRequest } from './errors.ts';

/** Why a property's value is not taken, as HubSpot lists it. */
interface Invalid {
  isValid: false;
  message: string;
  error: string;
  name: string;
  localizedErrorMessage: string;
}

export const doesntExist = (name: string): Invalid => {
  const message = `Property "${name}" does not exist`;
  return { isValid: false, message, error: 'PROPERTY_DOESNT_EXIST', name, localizedErrorMessage: message };
};

export const invalidValue = (name: string, error: string, message: string): Invalid => ({
  isValid: false,
  message,
  error,
  name,
  localizedErrorMessage: message,
});

/** One wrong property refuses them all; which, only the message says, as JSON. */
export const propertiesRefused = (invalid: Invalid[]): HubSpotError =>
  invalidRequest(`Property values were not valid: ${JSON.stringify(invalid)}`);
