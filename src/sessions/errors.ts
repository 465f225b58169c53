/**
 * The session store can't be opened, or may no longer be used. The message is one readable line that says what to do;
 * it holds no password.
 */
export class SessionStoreError extends Error {
  override readonly name = 'SessionStoreError';
}
