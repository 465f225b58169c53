/** Something of a text that a program makes a link of. */
export interface Found {
  /** The host to which it leads. */
  domain: string;
  /** The whole address where it is one of mail. */
  email?: string;
  /** It is written so that readers may understand it differently, or for another program than a browser: it leads nowhere good. */
  isBarred?: true;
  /** A bare name that is more likely one of a file or a product. It is made unclickable instead of refused. */
  isLookAlike?: true;
  /** Where it stands. */
  start: number;
  end: number;
}
