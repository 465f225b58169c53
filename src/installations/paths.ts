/** Where people begin an installation, and where HubSpot sends them back to. */
export const INSTALL_PATH = '/oauth/install';
export const CALLBACK_PATH = '/oauth/callback';
