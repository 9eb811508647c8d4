import fastify from 'fastify'
import { loginPlugin, requireSession } from 'pierhead/fastify'
import { login } from './login.ts'
import { endpointsPage, homePage } from './pages.ts'

const port = Number(process.env.PORT ?? 5000)

const app = fastify()
await app.register(loginPlugin(login))
app.get('/', async (request, reply) => reply.type('text/html').send(homePage(requireSession(request))))
app.get('/endpoints', async (request, reply) =>
  reply.type('text/html').send(await endpointsPage(requireSession(request))),
)
await app.listen({ port, host: 'localhost' })
console.log(`Listening on http://localhost:${port}`)
