/** Where the access token of a portal comes from. */
export interface AccessTokens {
  /**
   * The token for a call that goes out now.
   * @throws {HubSpotUnauthorized} someone has to connect the portal again
   * @throws {HubSpotUnavailable} none can be had at the moment
   */
  current(): Promise<string>;
  /** HubSpot has answered 401 to this token. */
  refused(token: string): void;
}

/** A token that stays as it is until somebody changes a setting. */
export const fixedToken = (token: string): AccessTokens => ({
  current: async () => token,
  refused: () => undefined,
});
