import { cancellationSignal } from '@temporalio/activity';
import type { PortalAis } from '../../ai/index.ts';
import type { PortalId } from '../../hubspot/ids.ts';
import type { NearArticle } from '../../rules/replying/test-verdict.ts';
import { withFailures } from '../failures.ts';

export interface NearArticleActivities {
  /** What of the portal's articles is near to a question, the best first; none where its AI searches elsewhere. */
  nearArticles(input: { portalId: PortalId; question: string }): Promise<NearArticle[]>;
}

const MOST = 5;

export const createNearArticleActivities = (ais: PortalAis): NearArticleActivities =>
  withFailures({
    async nearArticles({ portalId, question }) {
      const found = (await ais.backendOf(portalId).near?.(question, cancellationSignal())) ?? [];
      return found.slice(0, MOST);
    },
  });
