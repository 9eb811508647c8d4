import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { createControlClient } from './control-client.ts'
import { trustVariables } from './client-environment.ts'
import { describeClient, type ClientInfo } from './info.ts'
import { requireClient, type Credentials } from './scripts/find-person.ts'
import { openWorld } from './world.ts'

/** Where a shell command looks for the emulator. */
export interface EmulatorPlace {
  /** The file of `--info`. */
  readonly info: string | undefined
  /** The emulator's data, in which it leaves such a file too while it runs. */
  readonly data: string | undefined
  /** Its address, when it is not the one in the file. */
  readonly url: string | undefined
}

export const DEFAULT_DATA = '.pierhead/emulator'

/** The file that tells others about a running emulator, in its data directory. */
export const infoFileIn = (directory: string): string => join(directory, 'emulator.json')

export interface FoundEmulator {
  readonly origin: string
  /** Variables that make clients trust the servers of files; none without `--tls`. */
  readonly trust: Readonly<Record<string, string>>
  /** An app by id or name. @throws TypeError when there is none or more than one */
  client(name: string): Promise<ClientFound>
}

type ClientFound = Pick<ClientInfo, 'client_id' | 'client_secret' | 'redirect_uris'>

const infoFile = z.object({
  url: z.string(),
  env: z.record(z.string(), z.string()).exactOptional(),
  control: z.object({ url: z.string(), token: z.string() }).exactOptional(),
  clients: z.array(
    z.object({
      client_id: z.string(),
      client_secret: z.string().exactOptional(),
      redirect_uris: z.array(z.string()),
      name: z.string(),
    }),
  ),
})

const peopleFile = z.object({
  identities: z.array(
    z.object({
      id: z.string(),
      username: z.string(),
      name: z.string().nullable(),
      password: z.string().nullable(),
      password_required: z.boolean(),
    }),
  ),
})

type Info = z.infer<typeof infoFile>

/** Finds an emulator that runs. @throws TypeError when there is none at that place, saying what to do */
export function findEmulator({ info, data, url }: EmulatorPlace): FoundEmulator {
  if (info !== undefined && data !== undefined) throw new TypeError('Give either --info or --data, not both')
  const directory = data ?? DEFAULT_DATA
  const origin = url?.replace(/\/$/, '')
  if (info !== undefined) {
    const found = readInfo(info)
    return { origin: origin ?? found.url, trust: trustOf(found), client: (name) => clientOfInfo(name, found) }
  }
  const left = origin === undefined ? readInfo(infoFileIn(directory)) : undefined
  return {
    origin: origin ?? left?.url ?? '',
    trust: left === undefined ? {} : trustOf(left),
    // Apps may have been registered since it started.
    client: (name) => Promise.resolve(clientOfData(name, directory)),
  }
}

const trustOf = ({ env = {} }: Info): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => trustVariables.some((known) => known === name)))

function readInfo(file: string): Info {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const what = 'Start the emulator first, or say where it is by --info FILE, --data DIR or --url URL'
    throw new TypeError(`No emulator runs here: there is no ${file}. ${what}`, { cause })
  }
  const found = infoFile.safeParse(JSON.parse(text))
  if (found.success) return found.data
  throw new TypeError(`${file} is no file of --info`)
}

async function clientOfInfo(name: string, info: Info): Promise<ClientFound> {
  const { control } = info
  const clients = control === undefined ? info.clients : (await createControlClient({ control }).info()).clients
  const found = clients.filter((client) => client.client_id === name || client.name === name)
  const [client] = found
  if (client !== undefined && found.length === 1) return client
  throw new TypeError(`There is no client, or more than one, with the id or name ${name}`)
}

function clientOfData(name: string, directory: string): ClientFound {
  const world = openWorld(directory)
  try {
    return describeClient(requireClient(world, name), world)
  } finally {
    world.close()
  }
}

/** What a person must type to log in, if a click is not enough, as the file of `--info` says. @throws TypeError for no such file */
export function findCredentials(person: string, info: string | undefined): Credentials | undefined {
  const file = info ?? infoFileIn(DEFAULT_DATA)
  if (info === undefined && !existsSync(file)) return undefined
  const found = peopleFile.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!found.success) throw new TypeError(`${file} is no file of --info`)
  const text = person.toLowerCase()
  const one = found.data.identities.find(({ id, username, name }) =>
    [id, username, name].some((key) => key?.toLowerCase() === text),
  )
  if (one?.password_required !== true || one.password === null) return undefined
  return { as: one.username, password: one.password }
}
