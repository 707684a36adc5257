/** Reads files and long strings as the engine takes them: UTF-8 without a byte order mark, every line ended by a line feed. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Bytes of a file that are read at once. */
const PIECE = 4 << 20;

/**
 * Reads a file piece by piece. It is decoded as its byte order mark says: PowerShell writes UTF-16 where output is redirected.
 * @param take gets the text as UTF-8, a piece at a time
 * @param onProgress is told after each piece how many bytes have been read
 */
export async function readUtf8(content: Blob, take: (piece: Uint8Array) => void, onProgress: (bytes: number) => void): Promise<void> {
  const encoding = await encodingOf(content);
  // Half a surrogate pair at the end of a piece waits in the decoder for the other half.
  const decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
  const lines = new LineFeeds();
  const read = (start: number): Promise<ArrayBuffer> => content.slice(start, start + PIECE).arrayBuffer();
  let next = read(0);
  for (let start = 0; start < content.size; start += PIECE) {
    const piece = new Uint8Array(await next);
    // Read while this one is looked at.
    next = read(start + PIECE);
    const utf8 = decoder ? new TextEncoder().encode(decoder.decode(piece, { stream: true })) : piece;
    take(lines.only(start === 0 ? withoutMark(utf8) : utf8));
    onProgress(Math.min(start + PIECE, content.size));
  }
  if (decoder) take(new TextEncoder().encode(decoder.decode()));
}

/** A pasted text as UTF-8. */
export function encode(text: string): Uint8Array {
  return new LineFeeds().only(new TextEncoder().encode(text));
}

/** What a file is encoded in, by its byte order mark. Rejects where the file cannot be read. */
export async function encodingOf(content: Blob): Promise<"utf-8" | "utf-16le" | "utf-16be"> {
  const [first, second] = new Uint8Array(await content.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

/** As the editor counts: it knows lines, not what ends them. Most texts have no carriage return and stay as they are. */
class LineFeeds {
  /** The piece before ended with a carriage return, and so with a line: a line feed now would be its second half. */
  #half = false;

  only(bytes: Uint8Array): Uint8Array {
    if (this.#half && bytes[0] === LINE_FEED) bytes = bytes.subarray(1);
    this.#half = bytes.at(-1) === CARRIAGE_RETURN;
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
}
