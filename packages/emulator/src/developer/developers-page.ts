import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import { respondPage } from '../auth/pages/respond.ts'
import { withSession } from '../auth/web/page-session.ts'
import { randomUuid } from '../random.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { envLines, registerApp, RegistrationError, type RegisteredApp } from './register-app.ts'
import { developersView } from './developers-view.ts'

/** `GET /v2/web/developers`: the apps of one's projects, and forms to register more. */
export const showDevelopers = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, (session) => showPage(session, {}, context))

/** `POST /v2/web/developers`: registers an app; the answer is the only page that shows its secret. */
export const submitDevelopers = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, async (session) => {
    const form = await readForm(browser)
    // Another tab may have logged somebody else in.
    if (form.get('account') !== session.account) return showPage(session, {}, context)
    try {
      const registered = context.world.transaction(() => register(form, session, context))
      return await showPage(session, { registered }, context)
    } catch (error) {
      if (!(error instanceof RegistrationError)) throw error
      return showPage(session, { problem: error.message }, context)
    }
  })

function register(form: ReadonlyMap<string, string>, session: BrowserSession, context: EmulatorContext): RegisteredApp {
  const registration = {
    name: form.get('name') ?? '',
    type: form.get('type') ?? '',
    redirectUris: (form.get('redirect_uris') ?? '').split(/\s+/).filter((uri) => uri !== ''),
    project: projectFor(form.get('project'), session, context),
  }
  return registerApp(registration, context)
}

/** The chosen project, if one is an admin of it; else a new one. */
function projectFor(chosen: string | undefined, session: BrowserSession, { world, random }: EmulatorContext): string {
  const own = projectsOf(session, world)
  const project = own.find(({ id }) => id === chosen)
  if (project !== undefined) return project.id
  const person = world.identities.find(session.account)
  const id = randomUuid(random)
  const displayName = `Apps of ${person?.name ?? person?.username ?? 'somebody'}`
  const contactEmail = person?.email ?? person?.username ?? ''
  world.projects.put({ id, displayName, contactEmail, adminIds: [session.account], adminGroupIds: [] })
  return id
}

const projectsOf = (
  { account }: BrowserSession,
  world: EmulatorContext['world'],
): ReturnType<typeof world.projects.all> =>
  world.projects.administeredBy(world.identities.account(account).map(({ id }) => id))

interface Outcome {
  readonly registered?: RegisteredApp
  readonly problem?: string
}

function showPage(session: BrowserSession, outcome: Outcome, { world, issuer }: EmulatorContext): Promise<Response> {
  const { registered, problem } = outcome
  const projects = projectsOf(session, world)
  const page = developersView({
    account: session.account,
    projects: projects.map((project) => ({ project, clients: world.clients.inProject(project.id) })),
    registered: registered && { name: registered.client.name, env: envLines(registered, issuer) },
    problem,
  })
  return respondPage(page, { status: problem === undefined ? 200 : 400 })
}
