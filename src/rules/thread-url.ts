/** Where HubSpot's web interface is, where its answer doesn't say: it leads on to the portal's own. */
export const USUAL_DOMAIN = 'app.hubspot.com';

/** The page of a thread in HubSpot's inbox. */
export const threadUrl = (portalId: string, threadId: string, uiDomain: string = USUAL_DOMAIN): string =>
  `https://${uiDomain}/live-messages/${portalId}/inbox/${threadId}`;
