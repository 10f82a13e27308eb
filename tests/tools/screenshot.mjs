// Takes a picture of an XHTML file or a URL, as a browser of the given size and colour scheme shows it.

import { dirname, relative, resolve, sep } from 'node:path'
import { parseArgs } from 'node:util'
import { isFile, limitTime, positiveNumber, runTool, serveFolders, withPage } from './browser.mjs'

const USAGE = 'Usage: node screenshot.mjs FILE.xhtml|URL OUT.png --width 390 --height 844 '
  + '[--scheme light|dark] [--full] [--scale 2] [--root FOLDER] [--chromium PATH]'
const SECONDS_ALLOWED = 90

async function main() {
  const { source, target, root, chromium, fullPage, pageOptions } = readArguments()
  limitTime(SECONDS_ALLOWED)
  if (/^https?:/.test(source)) {
    await takeScreenshot(source)
    return
  }

  const file = resolve(source)
  const folder = resolve(root ?? dirname(file))
  const path = relative(folder, file).split(sep)
  if (!await isFile(file)) throw new Error(`There is no file "${file}".`)
  if (path[0] === '..') throw new Error(`"${file}" is not in the folder "${folder}".`)
  const server = await serveFolders({ files: folder })
  try {
    await takeScreenshot(`${server.origin}/files/${path.map(encodeURIComponent).join('/')}`)
  } finally {
    server.close()
  }

  async function takeScreenshot(url) {
    await withPage({ chromium, ...pageOptions }, async page => {
      const missing = new Set()
      page.on('response', response => { if (response.status() >= 400) missing.add(response.url()) })
      page.on('requestfailed', request => missing.add(request.url()))
      await page.goto(url)
      if (await page.locator('parsererror').count()) throw new Error(`"${source}" is not well-formed XML.`)
      if (missing.size) throw new Error(`The page lacks ${[...missing].join(', ')}.`)
      await page.evaluate(() => document.fonts.ready.then(() => {}))
      await page.screenshot({ path: target, fullPage })
    })
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      width: { type: 'string', default: '390' },
      height: { type: 'string', default: '844' },
      scheme: { type: 'string', default: 'light' },
      scale: { type: 'string', default: '2' },
      full: { type: 'boolean', default: false },
      root: { type: 'string' },
      chromium: { type: 'string' },
    },
  })
  if (positionals.length !== 2) throw new Error(USAGE)
  if (!['light', 'dark'].includes(values.scheme)) {
    throw new Error(`--scheme must be light or dark, not "${values.scheme}".`)
  }
  return {
    source: positionals[0],
    target: positionals[1],
    root: values.root,
    chromium: values.chromium,
    fullPage: values.full,
    pageOptions: {
      viewport: { width: positiveNumber(values, 'width'), height: positiveNumber(values, 'height') },
      deviceScaleFactor: positiveNumber(values, 'scale'),
      colorScheme: values.scheme,
    },
  }
}

await runTool(main)
