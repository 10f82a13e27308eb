// Decodes sound files as a web page does (decodeAudioData) and writes each beside itself as raw 32-bit floats: FILE.f32.

import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { limitTime, positiveNumber, runTool, serveFolders, withPage } from './browser.mjs'

const USAGE = 'Usage: node decode_sound.mjs FILE... [--rate 24000] [--chromium PATH]'
const SECONDS_ALLOWED = 90

async function main() {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: {
      rate: { type: 'string', default: '24000' },
      chromium: { type: 'string' },
    },
  })
  if (files.length === 0) throw new Error(USAGE)
  const rate = positiveNumber(values, 'rate')
  limitTime(SECONDS_ALLOWED)

  const server = await serveFolders({ tools: import.meta.dirname })
  try {
    await withPage({ chromium: values.chromium }, async page => {
      await page.goto(`${server.origin}/tools/overlay_page.html`)
      for (const file of files) {
        const sound = (await readFile(file)).toString('base64')
        const samples = await page.evaluate(decodeInPage, { sound, rate })
        await writeFile(`${file}.f32`, Buffer.from(samples, 'base64'))
      }
    })
  } finally {
    server.close()
  }
}

// Runs in the page. Bytes go to and fro as base64, the one form of them that playwright passes on.
async function decodeInPage({ sound, rate }) {
  const { buffer } = Uint8Array.from(atob(sound), char => char.charCodeAt(0))
  const decoded = await new OfflineAudioContext(1, 1, rate).decodeAudioData(buffer)
  const bytes = new Uint8Array(decoded.getChannelData(0).buffer)
  const pieces = []
  for (let start = 0; start < bytes.length; start += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)))
  }
  return btoa(pieces.join(''))
}

await runTool(main)
