/** What the page offers to start from: documents, settings, and one sentence on what to see. */
import type { NewDocument, PageSettings } from "../app/session";
import { administrator } from "./administrator";
import { administratorUnderScp } from "./administrator-under-scp";
import { breakGlass } from "./break-glass";
import { breakGlassWithHole } from "./break-glass-with-hole";
import { broken } from "./broken";
import { trailBucket } from "./trail-bucket";
import { trailBucketWithOutsider } from "./trail-bucket-with-outsider";

export interface Example {
  title: string;
  /** What to look at; shown on the button and once the example is open. */
  see: string;
  documents: readonly NewDocument[];
  settings: Partial<PageSettings>;
}

export const EXAMPLES: readonly Example[] = [
  administrator,
  breakGlass,
  breakGlassWithHole,
  administratorUnderScp,
  trailBucket,
  trailBucketWithOutsider,
  broken,
];
