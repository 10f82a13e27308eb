// Plays the media overlay of an EPUB in foliate-js and reports, as JSON, how well the highlight follows the audio.

import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isFile, limitTime, positiveNumber, runTool, serveFolders, withPage } from './browser.mjs'

const USAGE = 'Usage: node play_overlay.mjs BOOK.epub [--seconds 40] [--speed 1] [--document N] [--chromium PATH]'
const SECONDS_FOR_THE_REST = 90

async function main() {
  const { book, playback, chromium } = readArguments()
  if (!await isFile(book)) throw new Error(`There is no file "${book}".`)
  limitTime(playback.seconds + SECONDS_FOR_THE_REST)

  const server = await serveFolders({
    book: dirname(book),
    'foliate-js': dirname(fileURLToPath(import.meta.resolve('foliate-js/view.js'))),
    tools: import.meta.dirname,
  })
  try {
    const report = await withPage({ chromium }, async page => {
      await page.goto(`${server.origin}/tools/overlay_page.html`)
      return page.evaluate(playInPage, {
        ...playback,
        bookUrl: `${server.origin}/book/${encodeURIComponent(basename(book))}`,
      })
    })
    if (report.problem) throw new Error(report.problem)
    console.log(JSON.stringify(report))
  } finally {
    server.close()
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '40' },
      speed: { type: 'string', default: '1' },
      document: { type: 'string' },
      chromium: { type: 'string' },
    },
  })
  if (positionals.length !== 1) throw new Error(USAGE)
  if (values.document && !/^\d+$/.test(values.document)) {
    throw new Error(`--document must be a spine index, counted from 0, not "${values.document}".`)
  }
  return {
    book: resolve(positionals[0]),
    chromium: values.chromium,
    playback: {
      seconds: positiveNumber(values, 'seconds'),
      speed: positiveNumber(values, 'speed'),
      document: values.document && Number(values.document),
    },
  }
}

// Runs in the page. A thrown error would reach Node wrapped in playwright's own words.
async function playInPage(options) {
  try {
    const { playOverlay } = await import('/tools/overlay_page.mjs')
    return await playOverlay(options)
  } catch (error) {
    return { problem: error.message }
  }
}

await runTool(main)
