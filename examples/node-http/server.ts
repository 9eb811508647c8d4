import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { loginMiddleware, requireSession } from 'pierhead/node'
import { login } from './login.ts'
import { endpointsPage, homePage } from './pages.ts'

const port = Number(process.env.PORT ?? 5000)
const withLogin = loginMiddleware(login)

createServer((req, res) => {
  withLogin(req, res, () => answer(req, res)).catch((error: unknown) => {
    console.error(error)
    if (res.headersSent) res.destroy()
    else res.writeHead(500).end('Something went wrong.\n')
  })
}).listen(port, 'localhost', () => console.log(`Listening on http://localhost:${port}`))

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const send = (html: string) => res.setHeader('content-type', 'text/html; charset=utf-8').end(html)
  const path = req.url?.split('?')[0]
  if (path === '/') send(homePage(requireSession(req)))
  else if (path === '/endpoints') send(await endpointsPage(requireSession(req)))
  else res.writeHead(404).end('There is nothing here.\n')
}
