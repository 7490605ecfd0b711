import { createServer } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createChannel, createSession } from 'better-sse'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
const channel = createChannel()

async function read(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const server = createServer(async (request, response) => {
  if (request.url === '/events') {
    channel.register(await createSession(request, response))
  } else if (request.url === '/publish') {
    channel.broadcast(await read(request))
    response.writeHead(204).end()
  } else {
    collectGarbage()
    response.writeHead(204).end()
  }
})
server.keepAliveTimeout = 0 // who posts keeps its connection for hours
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'))
