import { createUserAgent, demo } from '@pierhead/emulator'
import { origin, type Setting } from './setting.ts'

type Json = Record<string, unknown>

/** Somebody who uses Globus without this portal, as with the command line. */
export interface Elsewhere {
  /** Submits it and gives the id of its task. */
  transfer(document: Json): Promise<string>
  delete(document: Json): Promise<string>
}

export async function useElsewhere(setting: Setting, username: string): Promise<Elsewhere> {
  const token = await transferToken(setting, username)
  const base = setting.emulator.info().url
  const call = async (path: string, body?: Json): Promise<Json> => {
    const response = await fetch(`${base}/v0.10${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    const answer = asObject(await response.json())
    if (!response.ok) throw new Error(JSON.stringify(answer))
    return answer
  }
  const submit = async (kind: 'transfer' | 'delete', document: Json): Promise<string> => {
    const { value } = await call('/submission_id')
    const answer = await call(`/${kind}`, { DATA_TYPE: kind, submission_id: value, ...document })
    return String(answer['task_id'])
  }
  return {
    transfer: (document) => submit('transfer', document),
    delete: (document) => submit('delete', document),
  }
}

async function transferToken({ emulator }: Setting, username: string): Promise<string> {
  const { clients, url } = emulator.info()
  const client = clients.find((one) => one.client_id === demo.clients.portal)
  const redirect = `${origin}/login`
  const query = {
    client_id: demo.clients.portal,
    redirect_uri: redirect,
    response_type: 'code',
    scope: 'urn:globus:auth:scope:transfer.api.globus.org:all',
  }
  const address = new URL(`/v2/oauth2/authorize?${new URLSearchParams(query)}`, url)
  const back = await createUserAgent().authorize(address, { as: username })
  const response = await fetch(new URL('/v2/oauth2/token', url), {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${demo.clients.portal}:${client?.client_secret}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: redirect,
    }),
  })
  return String(asObject(await response.json())['access_token'])
}

const asObject = (value: unknown): Json => Object.fromEntries(Object.entries(Object(value)))
