// What the browser tools share: a loopback file server, headless Chromium, and a clean way out.

import { createReadStream } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { delimiter, extname, join, relative } from 'node:path'
import { chromium as playwright } from 'playwright-core'

const CONTENT_TYPES = {
  '.css': 'text/css',
  '.epub': 'application/epub+zip',
  '.gif': 'image/gif',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.otf': 'font/otf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xhtml': 'application/xhtml+xml',
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome']

const CHROMIUM_FLAGS = [
  '--autoplay-policy=no-user-gesture-required',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Runs a tool: a problem becomes one sentence on stderr and exit code 1. */
export async function runTool(main) {
  try {
    await main()
  } catch (error) {
    fail(error)
  }
}

/** Ends the process after so many seconds, whatever it waits for; playwright then kills its browser. */
export function limitTime(seconds) {
  setTimeout(() => {
    fail(new Error(`Not finished within ${seconds} seconds.`))
    process.exit()
  }, seconds * 1000).unref()
}

function fail(error) {
  const [sentence] = error.message.split('\n')
  console.error(sentence)
  process.exitCode = 1
}

export const isFile = async path => await sizeOfFile(path) !== undefined

export function positiveNumber(options, name) {
  const number = Number(options[name])
  if (!(number > 0 && number < Infinity)) {
    throw new Error(`--${name} must be a positive number, not "${options[name]}".`)
  }
  return number
}

/** Serves folders on a free loopback port; `folders` maps a first path segment to a folder. */
export async function serveFolders(folders) {
  const server = createServer(async (request, response) => {
    const file = locate(request.url, folders)
    const size = file && await sizeOfFile(file)
    if (size === undefined) {
      response.writeHead(404).end()
      return
    }
    const type = CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': size })
    createReadStream(file).on('error', () => response.destroy()).pipe(response)
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function locate(requestUrl, folders) {
  try {
    const [, segment, ...rest] = new URL(requestUrl, 'http://localhost').pathname.split('/')
    const folder = folders[segment]
    const file = join(folder, ...rest.map(decodeURIComponent))
    return relative(folder, file).startsWith('..') ? undefined : file
  } catch {
    return undefined
  }
}

async function sizeOfFile(file) {
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() ? info.size : undefined
}

/** Opens a page in headless Chromium, gives it to `use`, and closes the browser whatever happens. */
export async function withPage({ chromium, ...pageOptions }, use) {
  const browser = await playwright.launch({
    executablePath: chromium ?? await findChromium(),
    args: CHROMIUM_FLAGS,
  })
  try {
    return await use(await browser.newPage(pageOptions))
  } finally {
    await browser.close()
  }
}

async function findChromium() {
  // Ace finds its browser by this variable, so one setting serves all the tools.
  const configured = process.env.PUPPETEER_EXECUTABLE_PATH
  if (configured) return configured
  for (const name of CHROMIUM_NAMES) {
    for (const folder of process.env.PATH.split(delimiter)) {
      const candidate = join(folder, name)
      if (await isExecutable(candidate)) return candidate
    }
  }
  throw new Error('No Chromium found: install it or name it with --chromium.')
}

const isExecutable = file => access(file, constants.X_OK).then(() => true, () => false)
