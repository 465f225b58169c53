export const OPS_PATH = '/ops';
export const STYLE_PATH = `${OPS_PATH}/style.css`;
export const ICON_PATH = `${OPS_PATH}/icon.svg`;
export const LOGIN_PATH = `${OPS_PATH}/login`;
export const LOGOUT_PATH = `${OPS_PATH}/logout`;
export const RETRY_PATH = `${OPS_PATH}/retry`;
export const STOP_PATH = `${OPS_PATH}/stop`;
export const INSTALLATION_PATH = `${OPS_PATH}/installation`;
export const CONVERSATIONS_PATH = `${OPS_PATH}/conversations`;
export const DRAFTS_PATH = `${OPS_PATH}/drafts`;
export const ACT_PATH = `${OPS_PATH}/act`;
export const TEST_PATH = `${OPS_PATH}/test`;
export const SETTINGS_PATH = `${OPS_PATH}/settings`;

/** The pages of the desk, as each leads to the others. */
export const PAGES = [
  [OPS_PATH, 'Now'],
  [DRAFTS_PATH, 'Drafts'],
  [CONVERSATIONS_PATH, 'Conversations'],
  [TEST_PATH, 'Test a question'],
  [SETTINGS_PATH, 'Settings'],
] as const;
