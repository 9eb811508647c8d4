import { demo, type Emulator, type EmulatorOptions } from '../../src/index.ts'
import { createTransferRig, type TransferRig } from '../transfer/support.ts'

const { clients } = demo

export const httpsScope = (collection: string): string => `https://auth.globus.org/scopes/${collection}/https`
export const accessScope = (collection: string): string => `https://auth.globus.org/scopes/${collection}/data_access`

export interface DataRig extends TransferRig {
  /** The origin at which a collection serves its files. */
  origin(collection: string): string
  /** A token of that person for files of the collection, with consent to its data where that exists. */
  token(person: string, collection: string): Promise<string>
  /** Sends a request for a file, as whom the token says. */
  send(address: string, init?: RequestInit & { token?: string }): Promise<Response>
}

/** An emulator without sockets whose collections serve files. */
export function createDataRig(options: EmulatorOptions = {}): DataRig {
  const rig = createTransferRig(options)
  const { emulator } = rig
  return {
    ...rig,
    origin: (collection) => originOf(emulator, collection),
    token: (person, collection) => tokenFor(emulator, person, collection),
    send: async (address, { token, ...init } = {}) => {
      const headers = new Headers(init.headers)
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      return emulator.fetch(new Request(address, { ...init, headers, redirect: 'manual' }))
    },
  }
}

export function originOf(emulator: Pick<Emulator, 'world' | 'transfer'>, id: string): string {
  const collection = emulator.world.collections.find(id)
  const origin = collection === undefined ? null : emulator.transfer.httpsServer(collection)
  if (origin === null) throw new Error('the collection serves no files')
  return origin
}

export async function tokenFor(
  emulator: Pick<Emulator, 'world' | 'issueTokens'>,
  person: string,
  collection: string,
): Promise<string> {
  const access = emulator.world.scopes.find(accessScope(collection)) === undefined ? [] : [accessScope(collection)]
  const scopes = [httpsScope(collection), ...access]
  return (await emulator.issueTokens({ client: clients.portal, identity: person, scopes })).access_token
}
