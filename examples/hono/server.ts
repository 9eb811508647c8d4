import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { loginMiddleware, requireSession } from 'pierhead/hono'
import { login } from './login.ts'
import { endpointsPage, homePage } from './pages.ts'

const port = Number(process.env.PORT ?? 5000)

const app = new Hono()
app.use(loginMiddleware(login))
app.get('/', (c) => c.html(homePage(requireSession(c))))
app.get('/endpoints', async (c) => c.html(await endpointsPage(requireSession(c))))
serve({ fetch: app.fetch, port, hostname: 'localhost' }, () => console.log(`Listening on http://localhost:${port}`))
