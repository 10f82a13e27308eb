// Tries what readers wish of the reading page: to scroll away and back, to look around while the voice speaks, to pass over
// tables, to do without storage or scripts, and to go on when the network is back.

import { parseArgs } from 'node:util'
import { limitTime, runTool } from './browser.mjs'
import { isMoving, whereIsIt, withReadingPage } from './reading_page.mjs'

const USAGE = 'Usage: node reading_page_habits.mjs URL [--chromium PATH]'
const SECONDS_ALLOWED = 100

async function main() {
  const { values: { chromium }, positionals: [url, ...rest] } = parseArgs({
    allowPositionals: true,
    options: { chromium: { type: 'string' } },
  })
  if (!url || rest.length > 0) throw new Error(USAGE)
  limitTime(SECONDS_ALLOWED)
  console.log(JSON.stringify({
    scrolling: await withReadingPage(url, { chromium }, scrollAway),
    exploring: await withReadingPage(url, { chromium }, exploreByKeyboard),
    note: await withReadingPage(url, { chromium }, followNote),
    losing: await withReadingPage('about:blank', { chromium }, page => loseSound(page, url)),
    passing: await withReadingPage(url, { chromium }, passOver),
    hidden: await withReadingPage(url, { chromium }, playUnseen),
    storage: await withReadingPage('about:blank', { chromium }, page => useWithoutStorage(page, url)),
    finding: await withReadingPage(new URL('..', url).href, { chromium }, findArticle),
    scripts: await withReadingPage(url, { chromium, javaScriptEnabled: false }, useWithoutScripts),
  }))
}

async function scrollAway(page) {
  await page.click('#play')
  await isMoving(page)
  const back = page.locator('#back-to-voice')
  const before = await back.isVisible()
  await page.mouse.move(300, 200)
  await page.mouse.wheel(0, 3000)
  await page.waitForFunction(() => scrollY > 1000)
  await page.waitForTimeout(500)
  const offered = await back.isVisible()
  await page.keyboard.press('h')
  await page.mouse.wheel(0, 3000)
  await back.click()
  await page.waitForTimeout(1000)
  const isInView = await page.evaluate(() => {
    const { top, bottom } = document.querySelector('.spoken').getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })
  return { before, offered, after: await back.isVisible(), isInView }
}

/** Goes through the text with the arrows while the voice goes on where it was. */
async function exploreByKeyboard(page) {
  await page.click('#play')
  await isMoving(page)
  await page.focus('#open-settings')
  await page.keyboard.press('Tab')
  for (let step = 0; step < 15; step += 1) await page.keyboard.press('ArrowDown')
  return staysThere(page, 'document.activeElement')
}

/** Follows a link to a note, whose place the voice is far from. */
async function followNote(page) {
  await page.evaluate(() => {
    const link = document.querySelector('[role="doc-noteref"]')
    reading.voice.go(Math.max(0, reading.sentences.indexOf(link.closest('[data-begin]')) - 2))
  })
  await page.click('#play')
  await isMoving(page)
  // The page is still on its way to the voice.
  await page.waitForTimeout(1000)
  await page.evaluate(() => document.querySelector('[role="doc-noteref"]').click())
  return staysThere(page, 'document.querySelector(":target")')
}

/** Whether an element is still in the window when the voice has gone on to another sentence. */
async function staysThere(page, element) {
  const spoken = (await whereIsIt(page)).spoken
  await page.waitForFunction(spoken => document.querySelector('.spoken').id !== spoken, spoken)
  await page.waitForTimeout(1000)
  const { top, bottom } = await page.evaluate(`(${element}).getBoundingClientRect().toJSON()`)
  const isOffered = await page.locator('#back-to-voice').isVisible()
  return { isInView: top >= 0 && bottom <= page.viewportSize().height, isOffered }
}

/** The sound does not come, is told of, and comes when it is asked for again. */
async function loseSound(page, url) {
  await page.route('**/*.mp3', route => route.abort())
  await page.goto(url)
  await page.evaluate(() => reading.voice.go(5))
  await page.click('#play')
  const notice = page.locator('#notice')
  await notice.waitFor({ state: 'visible' })
  const told = await notice.textContent()
  const lost = await whereIsIt(page)
  await page.unroute('**/*.mp3')
  await page.click('#play')
  await isMoving(page)
  return { told, lost, found: await whereIsIt(page), isToldStill: await notice.isVisible() }
}

/** Plays over the edge of the first table, at the highest speed. */
async function passOver(page) {
  const ids = await page.evaluate(() => {
    reading.set('skip_tables', true)
    reading.set('speed', 3)
    const all = reading.sentences.elements
    const first = all.findIndex(element => element.closest('table'))
    reading.voice.go(first - 1)
    globalThis.seen = []
    reading.voice.onSentence(index => globalThis.seen.push(all[index]?.closest('table') ? 'in a table' : all[index]?.id))
    const after = all.findIndex((element, index) => index > first && !element.closest('table'))
    return { before: all[first - 1].id, after: all[after].id }
  })
  await page.click('#play')
  await page.waitForFunction(after => globalThis.seen.includes(after), ids.after)
  const seen = await page.evaluate(() => globalThis.seen)
  await page.click('#previous')
  return { ...ids, seen, back: (await whereIsIt(page)).spoken }
}

/** A page that nobody sees draws no frames; the place must be right there as well. */
async function playUnseen(page) {
  await page.evaluate(() => { globalThis.requestAnimationFrame = () => 0 })
  await page.click('#play')
  await isMoving(page)
  const late = await page.evaluate(async () => {
    const { sentences, voice } = reading
    const delays = []
    voice.onSentence(index => delays.push(voice.audio.currentTime - sentences.begins[index]))
    await new Promise(resolve => setTimeout(resolve, 8000))
    return delays
  })
  return { late }
}

async function useWithoutStorage(page, url) {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })
  })
  await page.goto(url)
  await page.keyboard.press('k')
  await isMoving(page)
  return whereIsIt(page)
}

/** Looks for the beginning of a word in the list. */
async function findArticle(page) {
  await page.fill('#find', 'القراء')
  const shown = await page.locator('#shelf > li:visible h2 a').evaluateAll(links => links.map(link => link.getAttribute('href')))
  return { shown, said: await page.locator('#found').textContent() }
}

const useWithoutScripts = async page => ({
  player: await page.locator('audio').isVisible(),
  contents: await page.locator('#contents').isVisible(),
  play: await page.locator('#play').isVisible(),
  settings: await page.locator('#settings').isVisible(),
})

await runTool(main)
