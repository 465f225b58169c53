import type { PortalId } from '../../../hubspot/ids.ts';

interface Common {
  /** What it is called in reports, and in the database: unique. */
  name: string;
  /** The language of articles that don't say it themselves; `null`: it is found by their words. */
  language: string | null;
  /** Whether a version with less than half of the articles of the one before may take its place. */
  allowLoss: boolean;
}

export interface FolderSource extends Common {
  type: 'folder';
  /** Absolute. */
  folder: string;
}

export interface SiteSource extends Common {
  type: 'site';
  /** The URL of a sitemap, or of an index of sitemaps. Pages and sitemaps of other hosts are not read. */
  sitemap: string;
  /** A page's path has to begin with one of these; empty: any will do. */
  allow: readonly string[];
  /** Pages whose path begins with one of these are left out. */
  leaveOut: readonly string[];
  mostPages: number;
}

export interface HubSpotSource extends Common {
  type: 'hubspot';
  /** Whose knowledge base it is. */
  portalId: PortalId;
  /** Only articles on this domain; `null`: on all. */
  domain: string | null;
  mostPages: number;
}

/** Where articles come from. */
export type KnowledgeSource = FolderSource | SiteSource | HubSpotSource;

/** All of them, and how often they are read, in ms. */
export interface KnowledgeSources {
  sources: KnowledgeSource[];
  refreshMs: number;
}

/** For people: what is read. */
export const placeOf = (source: KnowledgeSource): string => {
  switch (source.type) {
    case 'folder':
      return source.folder;
    case 'site':
      return source.sitemap;
    case 'hubspot':
      return `the knowledge base of portal ${source.portalId}`;
  }
};
