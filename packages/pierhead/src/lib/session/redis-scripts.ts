import { hash } from 'node:crypto'

/** The two commands that run a script, whatever the client library calls them. */
export interface RedisCommands {
  eval(script: string, keys: string[], values: string[]): Promise<unknown>
  evalSha(sha1: string, keys: string[], values: string[]): Promise<unknown>
}

type ScriptName =
  'create' | 'replace' | 'delete' | 'members' | 'values' | 'take' | 'remove' | 'enqueue' | 'claim' | 'settle'

/** Runs one script on the shard or queue in `keys`, which is what all keys that it touches begin with. */
type RunScript = (keys: [string], values: string[]) => Promise<unknown>

export type RedisScripts = Readonly<Record<ScriptName, RunScript>>

/**
 * Takes a record apart as redis-record.ts put it together; nothing comes back for a record of another format. A shard keeps
 * its records, when they expire (sorted), and the identifiers of each subject.
 */
const common = String.raw`
local shard = KEYS[1]
local expiry = shard .. 'expiry'
local function key(id) return shard .. 'value:' .. id end
local function members(subject) return shard .. 'subject:' .. subject end
local function open(record)
  if not record then return nil end
  local expires, subject, start = string.match(record, '^1\n(%-?%d+)\n([^\n]*)\n()')
  if not expires then return nil end
  return tonumber(expires), subject, string.sub(record, start)
end
local function remove(id)
  local record = redis.call('GET', key(id))
  if not record then return 0 end
  local _, subject = open(record)
  redis.call('DEL', key(id))
  redis.call('ZREM', expiry, id)
  if subject and subject ~= '' then redis.call('SREM', members(subject), id) end
  return 1
end
`

const scripts: Readonly<Record<ScriptName, string>> = {
  /** id, record, lifetime, expires */
  create: String.raw`${common}
local id, record, lifetime, expires = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if not redis.call('SET', key(id), record, 'PX', lifetime, 'NX') then return 0 end
redis.call('ZADD', expiry, expires, id)
local _, subject = open(record)
if subject ~= '' then redis.call('SADD', members(subject), id) end
return 1`,

  /** id, previous, next, lifetime, expires, now */
  replace: String.raw`${common}
local id, previous, next, lifetime, expires, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local ends, subject, value = open(redis.call('GET', key(id)))
if not ends or ends <= now or value ~= previous then return 0 end
redis.call('SET', key(id), '1\n' .. expires .. '\n' .. subject .. '\n' .. next, 'PX', lifetime)
redis.call('ZADD', expiry, expires, id)
return 1`,

  /** id */
  delete: `${common}
return remove(ARGV[1])`,

  /** subject */
  members: `${common}
return redis.call('SMEMBERS', members(ARGV[1]))`,

  /** now, identifiers: identifier and value in turn, of those that live */
  values: `${common}
local now, found = tonumber(ARGV[1]), {}
for index = 2, #ARGV do
  local ends, _, value = open(redis.call('GET', key(ARGV[index])))
  if ends and ends > now then
    found[#found + 1] = ARGV[index]
    found[#found + 1] = value
  end
end
return found`,

  /** now, limit, lease: identifier and value in turn, hidden until the lease ends; what has no record leaves the index */
  take: `${common}
local now, limit, lease, found = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', expiry, '-inf', ARGV[1], 'LIMIT', 0, limit)) do
  local record = redis.call('GET', key(id))
  local ends, _, value = open(record)
  if record then redis.call('ZADD', expiry, lease, id) else redis.call('ZREM', expiry, id) end
  if ends then
    found[#found + 1] = id
    found[#found + 1] = value
  end
end
return found`,

  /** lease, identifiers: those that are still hidden by this lease, so not in use again by a clock that is behind */
  remove: `${common}
local lease, removed = tonumber(ARGV[1]), {}
for index = 2, #ARGV do
  local id = ARGV[index]
  if tonumber(redis.call('ZSCORE', expiry, id) or 0) == lease and remove(id) == 1 then removed[#removed + 1] = id end
end
return removed`,

  /** id, value, due */
  enqueue: `
if redis.call('HSETNX', KEYS[1] .. 'jobs', ARGV[1], ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[1] .. 'due', ARGV[3], ARGV[1])
end
return 1`,

  /** now, limit, end of the lease: identifier and value in turn */
  claim: `
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1] .. 'due', '-inf', ARGV[1], 'LIMIT', 0, tonumber(ARGV[2]))) do
  local value = redis.call('HGET', KEYS[1] .. 'jobs', id)
  if value then
    redis.call('ZADD', KEYS[1] .. 'due', ARGV[3], id)
    found[#found + 1] = id
    found[#found + 1] = value
  else
    redis.call('ZREM', KEYS[1] .. 'due', id)
  end
end
return found`,

  /** id */
  settle: `
redis.call('HDEL', KEYS[1] .. 'jobs', ARGV[1])
redis.call('ZREM', KEYS[1] .. 'due', ARGV[1])
return 1`,
}

export function createScripts(commands: RedisCommands): RedisScripts {
  return {
    create: runner(commands, scripts.create),
    replace: runner(commands, scripts.replace),
    delete: runner(commands, scripts.delete),
    members: runner(commands, scripts.members),
    values: runner(commands, scripts.values),
    take: runner(commands, scripts.take),
    remove: runner(commands, scripts.remove),
    enqueue: runner(commands, scripts.enqueue),
    claim: runner(commands, scripts.claim),
    settle: runner(commands, scripts.settle),
  }
}

/** Sends the script's hash; a server that was started since, or never saw it, gets the whole script. */
function runner(commands: RedisCommands, script: string): RunScript {
  const sha1 = hash('sha1', script, 'hex')
  return async (keys, values) => {
    try {
      return await commands.evalSha(sha1, keys, values)
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      return commands.eval(script, keys, values)
    }
  }
}

/** The first word of an error is its code in Redis's protocol. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
