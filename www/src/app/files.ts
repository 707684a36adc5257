/** Opens dropped files. They never leave the page, and a large one is not even read on this thread. */
import { encodingOf } from "../survey/reading";
import { LARGE_TEXT, type NewDocument } from "./session";

/** What the engine reads at most, in bytes of UTF-8. */
const LARGEST = 256 * 1024 * 1024;

export interface OpenedFiles {
  documents: NewDocument[];
  /** One sentence for each file that could not be opened. */
  refused: string[];
}

export async function openFiles(files: readonly File[]): Promise<OpenedFiles> {
  const documents: NewDocument[] = [];
  const refused: string[] = [];
  for (const file of files) {
    try {
      // Also tells whether it can be read at all.
      const encoding = await encodingOf(file);
      const size = encoding === "utf-8" ? file.size : file.size / 2;
      if (size > LARGEST) {
        refused.push(`\`${file.name}\` is too large: ${megabytes(size)} of text, and up to ${megabytes(LARGEST)} can be judged at once. Split it, and drop the parts one after another.`);
      } else if (size > LARGE_TEXT) {
        documents.push({ name: file.name, text: file });
      } else {
        documents.push({ name: file.name, text: new TextDecoder(encoding).decode(await file.arrayBuffer()) });
      }
    } catch {
      refused.push(`\`${file.name}\` could not be read: the browser refused it, or it is a folder.`);
    }
  }
  return { documents, refused };
}

/** "7.4 MB". */
export function megabytes(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}
