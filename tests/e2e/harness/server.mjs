// A server that remembers everything that reaches it: requests, WebSocket handshakes and datagrams.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * @param {{ after(clean: () => void): void }} test ends the server
 * @param {Record<string, string>} pages what is served as HTML, by path; every other path gives a small script
 */
export async function serve(test, pages = {}) {
  /** @type {string[]} */
  const received = [];

  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    const page = pages[request.url ?? ""];
    response.setHeader("Content-Type", page === undefined ? "text/javascript" : "text/html; charset=utf-8");
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cache-Control", "no-store");
    response.end(page ?? "0");
  });
  server.on("upgrade", (request, socket) => {
    received.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const datagrams = createSocket("udp4");
  datagrams.on("message", (message) => received.push(`DATAGRAM of ${message.length} bytes`));
  datagrams.bind(0, "127.0.0.1");
  await once(datagrams, "listening");

  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  test.after(() => {
    close();
    datagrams.close();
  });
  return {
    received,
    origin: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`,
    datagramPort: datagrams.address().port,
    close,
  };
}
