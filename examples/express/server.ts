import express from 'express'
import { loginErrors, loginMiddleware, requireSession } from 'pierhead/express'
import { login } from './login.ts'
import { endpointsPage, homePage } from './pages.ts'

const port = Number(process.env.PORT ?? 5000)

const app = express()
app.use(loginMiddleware(login))
app.get('/', (req, res) => {
  res.send(homePage(requireSession(req)))
})
app.get('/endpoints', async (req, res) => {
  res.send(await endpointsPage(requireSession(req)))
})
app.use(loginErrors())
app.listen(port, 'localhost', () => console.log(`Listening on http://localhost:${port}`))
