import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiProxy } from './lib/globus/api-proxy.ts'
import { readProxyRequest, sendResponse } from './lib/globus/web-request.ts'
import { guardsFor, type AdapterGuards } from './lib/login/adapter-guards.ts'
import type { Answer } from './lib/login/answer.ts'
import type { BearerGuard, Caller } from './lib/login/bearer.ts'
import type { Login } from './lib/login/login.ts'
import { callerOf, checkBearer, recoverBearer } from './lib/login/node-bearer.ts'
import { bodyHeaders, findVisit, openVisit, visitOf } from './lib/login/node-exchange.ts'
import { bodyOf, fieldsOf } from './lib/login/parsed-body.ts'
import { readFormBody } from './lib/login/read-form.ts'

const formType = 'application/x-www-form-urlencoded'
/** Marks in a route's configuration that its errors come to us. */
const mark = 'pierhead'

/**
 * Serves login, callback and logout, loads the session, refuses forged requests, and turns errors of this package into a
 * redirect or a problem document. `await app.register(loginPlugin(login))` before the routes, and after `@fastify/formbody`
 * if the application uses it; without it the plugin reads urlencoded forms of up to 64 KiB.
 */
export function loginPlugin<Data>(login: Login<Data>): FastifyPluginCallback {
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    addFormParser(app)
    recoverRoutes(app, (request, error) => findVisit(request.raw)?.recover(error, async () => formOf(request)))
    app.addHook('onRequest', async (request, reply) => {
      if (!request.is404 && !(mark in request.routeOptions.config))
        throw new TypeError('Await the registration of loginPlugin before the routes are declared.')
      const visit = await openVisit(login, request.raw, reply.raw, request.originalUrl)
      const answer = isForm(request) ? undefined : await visit.route(async () => new URLSearchParams())
      return answer === undefined ? undefined : send(reply, answer)
    })
    // The fields of a form are there when its body has been parsed.
    // Fastify waits for what a hook promises, and needs no promise where nothing is to be waited for.
    app.addHook('preValidation', (request, reply, next) => (isForm(request) ? routeForm(request, reply) : next()))
    done()
  }
  return transparent(plugin)
}

async function routeForm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const answer = await findVisit(request.raw)?.route(async () => formOf(request))
  return answer === undefined ? undefined : send(reply, answer)
}

/** As fastify-plugin does: hooks count for the application that registers the plugin, not for a context of their own. */
function transparent(plugin: FastifyPluginCallback): FastifyPluginCallback {
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: mark })
}

type Recover = (request: FastifyRequest, error: unknown) => Promise<Answer | undefined> | Answer | undefined

/** Errors of the routes that are declared from now on; what `recover` has no answer to goes to the application's handlers. */
function recoverRoutes(app: FastifyInstance, recover: Recover): void {
  app.addHook('onRoute', (route) => {
    const own = route.errorHandler
    route.config = { ...route.config, [mark]: true }
    // Fastify waits for what an error handler promises, though its declarations say void.
    // oxlint-disable-next-line typescript/no-misused-promises
    route.errorHandler = async function (error, request, reply) {
      const answer = await recover(request, error)
      if (answer !== undefined) return send(reply, answer)
      // What a route's own handler throws goes to the handler of the application.
      if (own === undefined) throw error
      return own.call(this, error, request, reply)
    }
  })
}

type Guards = AdapterGuards<FastifyRequest>
const guards: Guards = guardsFor(({ raw }) => visitOf(raw, 'Register loginPlugin before asking for a session.'))

/** The session, or undefined for an anonymous visitor. */
export const getSession: Guards['getSession'] = guards.getSession
/** The session. Throws `LoginRequiredError`, which sends a page to log in and back, and answers a script with 401. */
export const requireSession: Guards['requireSession'] = guards.requireSession
/** The session, once its tokens have these scopes; the person is asked for what is missing. */
export const requireScopes: Guards['requireScopes'] = guards.requireScopes
/** How the person, by any linked identity, is in a group. Await it: nothing is decided before. */
export const requireGroup: Guards['requireGroup'] = guards.requireGroup
/** The session, once its person logged in as it is asked for. Await it: nothing is decided before. */
export const requireAuthentication: Guards['requireAuthentication'] = guards.requireAuthentication

/**
 * For resource servers: lets in who sent a good token, to the routes that are declared after `await app.register(…)` in the same
 * application or plugin.
 */
export function bearerPlugin(guard: BearerGuard): FastifyPluginCallback {
  return transparent((app, _options, done) => {
    recoverRoutes(app, (request, error) => recoverBearer(request.raw, error))
    app.addHook('onRequest', async (request, reply) => {
      const refused = await checkBearer(request.raw, guard)
      return refused === undefined ? undefined : send(reply, refused)
    })
    done()
  })
}

/** Who sent the token. Throws a TypeError where `bearerPlugin` did not let the request in. */
export const requireCaller: (request: FastifyRequest) => Caller = (request) => callerOf(request.raw)

/** Serves a proxy of `pierhead/proxy`: `app.register(proxyPlugin(proxy), { prefix: '/globus' })`. Bodies are passed on unread. */
export function proxyPlugin(proxy: ApiProxy): FastifyPluginCallback {
  return (app, _options, done) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _body, parsed) => parsed(null))
    app.all('/*', async (request, reply) => {
      const asked = readProxyRequest(request.raw, reply.raw, request.originalUrl)
      const answer = await proxy.handle(asked, requireSession(request))
      reply.hijack()
      await sendResponse(reply.raw, answer)
    })
    done()
  }
}

function addFormParser(app: FastifyInstance): void {
  if (app.hasContentTypeParser(formType)) return
  app.addContentTypeParser(formType, async (request: FastifyRequest) => bodyOf(await readFormBody(request.raw)))
}

function isForm(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? ''
  return type.toLowerCase().startsWith(formType) && !['GET', 'HEAD'].includes(request.method)
}

function formOf(request: FastifyRequest): URLSearchParams {
  return fieldsOf(request.body) ?? new URLSearchParams()
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  for (const name of bodyHeaders) reply.removeHeader(name)
  return reply.code(answer.status).headers(Object.fromEntries(answer.headers)).send(answer.body)
}
