// Answers ClickHouse's HTTP interface from its engine in this process, for tests where no server can be had:
//   npm install chdb && node engine.cjs 8123
// It has no users and no settings, and sends an answer when all of it is there: a server does more.
const http = require('http');
const zlib = require('zlib');
const { Session } = require('chdb');

const session = new Session();

function answer(request, query, response) {
  const parameters = new URL(request.url, 'http://localhost').searchParams;
  const zipped = parameters.get('enable_http_compression') === '1';
  let text;
  try {
    text = String(session.query(query, 'TabSeparated') || '');
  } catch (e) {
    response.writeHead(500, { 'X-ClickHouse-Exception-Code': '1' });
    response.end(e.message.replace(/^Query failed: /, ''));
    return;
  }
  const bytes = Buffer.from(text, 'utf8');
  response.writeHead(200, zipped ? { 'Content-Encoding': 'gzip' } : {});
  response.end(zipped ? zlib.gzipSync(bytes) : bytes);
}

http
  .createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => answer(request, Buffer.concat(parts).toString('utf8'), response));
  })
  .listen(Number(process.argv[2] || 8123), '127.0.0.1');
