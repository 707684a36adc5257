/** Reads dropped or opened files as text. They never leave the page. */
import type { NewDocument } from "./session";

/** An editor cannot show more than this in a useful way. */
const LARGEST = 100 * 1024 * 1024;

export interface ReadFiles {
  documents: NewDocument[];
  /** One sentence for each file that could not be read. */
  refused: string[];
}

export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const documents: NewDocument[] = [];
  const refused: string[] = [];
  for (const file of files) {
    if (file.size > LARGEST) {
      refused.push(`\`${file.name}\` has ${Math.round(file.size / 1024 / 1024)} MB; up to ${LARGEST / 1024 / 1024} MB can be opened.`);
      continue;
    }
    try {
      documents.push({ name: file.name, text: decode(await file.arrayBuffer()) });
    } catch {
      refused.push(`\`${file.name}\` could not be read: the browser refused it, or it is a folder.`);
    }
  }
  return { documents, refused };
}

/** UTF-8, or UTF-16 where the file says so: PowerShell writes it when output is redirected. */
function decode(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
}
