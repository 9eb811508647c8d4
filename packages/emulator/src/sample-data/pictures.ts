import { crc32, deflateSync } from 'node:zlib'
import { stations, tideLevel } from './tides.ts'

/** A map of the stations. */
export function stationMap(): string {
  const dots = stations.map(({ name, latitude, longitude }) => {
    const [x, y] = [Math.round((longitude - 1.5) * 300), Math.round((58.5 - latitude) * 240)]
    return `<circle cx="${x}" cy="${y}" r="5" fill="#0b5cad"/><text x="${x + 9}" y="${y + 4}" font-size="12">${name}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 380" font-family="sans-serif"><rect width="420" height="380" fill="#dceaf6"/>${dots.join('')}</svg>\n`
}

/** A picture of the level over time, one line for each station, brighter when higher. */
export function tidePicture(size = 240): Buffer {
  return png(size, size, (x, y) => {
    const station = stations[Math.floor((y / size) * stations.length)]
    const level = station === undefined ? 0 : tideLevel(station, x / 4) / station.range
    const light = Math.max(0, Math.min(255, Math.round(128 + level * 110)))
    return [Math.round(light / 3), Math.round(light / 1.5), light]
  })
}

/** Writes a PNG of 8 bits a channel. */
export function png(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat()]),
  )
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
