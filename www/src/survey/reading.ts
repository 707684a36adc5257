/** Reads files and long strings as the engine takes them: UTF-8 without a byte order mark, every line ended by a line feed. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Bytes of a file that are read at once. */
const PIECE = 4 << 20;

/**
 * The text as UTF-8. A file is decoded as its byte order mark says: PowerShell writes UTF-16 where output is redirected.
 * @param onProgress is told after each piece how many bytes have been read
 */
export async function readUtf8(content: Blob, onProgress: (bytes: number) => void): Promise<Uint8Array> {
  const encoding = await encodingOf(content);
  const bytes = encoding === "utf-8" ? await whole(content, onProgress) : await recoded(content, encoding, onProgress);
  return withLineFeeds(withoutMark(bytes));
}

/** A pasted text as UTF-8. */
export function encode(text: string): Uint8Array {
  return withLineFeeds(new TextEncoder().encode(text));
}

/** What a file is encoded in, by its byte order mark. Rejects where the file cannot be read. */
export async function encodingOf(content: Blob): Promise<"utf-8" | "utf-16le" | "utf-16be"> {
  const [first, second] = new Uint8Array(await content.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

async function whole(content: Blob, onProgress: (bytes: number) => void): Promise<Uint8Array> {
  const bytes = new Uint8Array(content.size);
  for (let start = 0; start < content.size; start += PIECE) {
    bytes.set(new Uint8Array(await content.slice(start, start + PIECE).arrayBuffer()), start);
    onProgress(Math.min(start + PIECE, content.size));
  }
  return bytes;
}

async function recoded(content: Blob, encoding: string, onProgress: (bytes: number) => void): Promise<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  // Half a surrogate pair at the end of a piece waits in the decoder for the other half.
  for (let start = 0; start < content.size; start += PIECE) {
    const piece = await content.slice(start, start + PIECE).arrayBuffer();
    pieces.push(encoder.encode(decoder.decode(piece, { stream: true })));
    onProgress(Math.min(start + PIECE, content.size));
  }
  pieces.push(encoder.encode(decoder.decode()));
  const bytes = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** As the editor counts: it knows lines, not what ends them. Most texts have no carriage return and stay as they are. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  let from = bytes.indexOf(CARRIAGE_RETURN);
  if (from < 0) return bytes;
  let to = from;
  for (; from < bytes.length; from += 1) {
    const byte = bytes[from] ?? 0;
    if (byte === CARRIAGE_RETURN && bytes[from + 1] === LINE_FEED) continue;
    bytes[to] = byte === CARRIAGE_RETURN ? LINE_FEED : byte;
    to += 1;
  }
  return bytes.subarray(0, to);
}
