/** The address of a Temporal server looks like this. Its SDK would repeat one that is none, and the password in it. */
export const TEMPORAL_ADDRESS = /^[^/@\s]*$/;

/** The advice that goes behind the name of what is none. */
export const TEMPORAL_ADDRESS_ADVICE =
  'must be host:port, such as temporal.example.com:7233, without http:// and without a user or password';
