// Uses the reading page by the keyboard alone, as one does who has no mouse, and reports as JSON what came of it.

import { parseArgs } from 'node:util'
import { limitTime, runTool } from './browser.mjs'
import { isMoving, whereIsIt, withReadingPage } from './reading_page.mjs'

const USAGE = 'Usage: node reading_page_keys.mjs URL [--chromium PATH]'
const SECONDS_ALLOWED = 100
const MOST_STOPS = 200

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { chromium: { type: 'string' } } })
  if (positionals.length !== 1) throw new Error(USAGE)
  limitTime(SECONDS_ALLOWED)
  console.log(JSON.stringify(await withReadingPage(positionals[0], { chromium: values.chromium }, useByKeyboard)))
}

async function useByKeyboard(page) {
  const report = {}
  const press = async (...keys) => { for (const key of keys) await page.keyboard.press(key) }
  const rest = () => page.waitForTimeout(400)

  const stops = await tabThrough(page)
  report.stops = stops.map(({ name }) => name)
  report.unseen = stops.filter(({ isSeen }) => !isSeen).map(({ name }) => name)

  await page.reload()
  await press('Tab')
  report.first = await whereIsIt(page)
  await press('Enter')
  report.skipped = await whereIsIt(page)

  await press('k')
  await isMoving(page)
  report.afterK = await whereIsIt(page)
  await press('Space')
  report.afterSpace = await whereIsIt(page)
  await press('l', 'l')
  report.afterL = await whereIsIt(page)
  await press('h')
  report.afterH = await whereIsIt(page)
  report.headingIsHeard = await page.evaluate(() => document.querySelector('.spoken').closest('h1,h2,h3') !== null)

  // From the bar, the next stop is the text; in it the arrows lead on.
  await page.focus('#open-settings')
  await press('Tab')
  report.inText = await whereIsIt(page)
  await press('ArrowRight', 'ArrowRight')
  report.afterArrows = await whereIsIt(page)
  await press('Enter')
  await isMoving(page)
  report.afterEnter = await whereIsIt(page)
  await press('ArrowUp')
  report.afterUp = await whereIsIt(page)
  await press('k')

  await press('t')
  report.contents = await dialogState(page)
  report.place = await page.evaluate(() => document.activeElement.hash)
  await press('Escape')
  report.closed = await dialogState(page)
  await rest()
  const status = page.locator('#status')
  const before = await status.textContent()
  await press('+')
  report.faster = await whereIsIt(page)
  await page.waitForFunction(before => !['', before].includes(document.querySelector('#status').textContent), before)
  report.said = await status.textContent()

  await press('s')
  await page.focus('[name="single_keys"]')
  await press('Space', 'Escape', 'k', 'Space')
  await rest()
  report.lettersOff = await whereIsIt(page)

  report.before = await whereIsIt(page)
  await page.reload()
  await rest()
  report.after = await whereIsIt(page)
  return report
}

/** Every stop of the tab key from the head of the page to its end. */
async function tabThrough(page) {
  const stops = []
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const element = document.activeElement
      if (element === document.body) return null
      const { width, height, top, bottom } = element.getBoundingClientRect()
      const middle = document.elementFromPoint(innerWidth / 2, Math.min(innerHeight - 1, (top + bottom) / 2))
      const bar = document.querySelector('.bar')
      const isUnderBar = !bar.contains(element) && top >= bar.getBoundingClientRect().top
      return {
        name: element.id || element.textContent.trim().slice(0, 40),
        isSeen: middle !== null && width > 0 && height > 0 && bottom > 0 && top < innerHeight && !isUnderBar,
      }
    })
    if (stop === null) return stops
    stops.push(stop)
  }
  return stops
}

const dialogState = page => page.evaluate(() => ({
  open: document.querySelector('dialog[open]')?.id ?? null,
  focusInside: document.querySelector('dialog[open]')?.contains(document.activeElement) ?? false,
}))

await runTool(main)
