// Runs in the browser: plays a book in foliate-js, samples audio and highlight, and judges the samples.

import '/foliate-js/view.js'
import { readOverlays } from './overlays.mjs'

const SAMPLE_INTERVAL = 100
const LONGEST_START = 30_000
const LONGEST_SILENCE = 3_000
const TOLERANCE_SECONDS = 0.25

export async function playOverlay({ bookUrl, document: wanted, seconds, speed }) {
  const view = document.createElement('foliate-view')
  document.body.append(view)
  await view.open(bookUrl).catch(error => {
    throw new Error(`foliate-js cannot open the book: ${error.message}`)
  })

  const { activeClass, clips } = await readOverlays(path => view.book.loadText(path))
  const first = wanted ?? clips[0].document
  if (!clips.some(clip => clip.document === first)) {
    throw new Error(`Spine item ${first} has no media overlay.`)
  }

  const players = watchPlayers(view.book)
  let failure
  view.mediaOverlay.addEventListener('error', ({ detail }) => { failure = detail })
  view.mediaOverlay.setRate(speed)
  await view.goTo(first)
  await view.mediaOverlay.start(first)

  const samples = []
  let started
  let lastHeard = performance.now()
  while (!failure) {
    await new Promise(resolve => setTimeout(resolve, SAMPLE_INTERVAL))
    const now = performance.now()
    const sample = takeSample(players.at(-1), view, activeClass)
    if (sample) {
      samples.push(sample)
      started ??= now
      lastHeard = now
    }
    if (started !== undefined && now - started >= seconds * 1000) break
    if (now - lastHeard > (started === undefined ? LONGEST_START : LONGEST_SILENCE)) break
  }
  view.mediaOverlay.stop()

  const played = players.reduce((sum, { audio }) => sum + secondsPlayed(audio), 0)
  if (failure) throw new Error(`foliate-js stopped playing after ${played.toFixed(1)} s: ${failure.message}`)
  if (played === 0) throw new Error(`The audio of spine item ${first} does not play.`)
  return { ...judge(samples, clips, speed), duration_played: round(played) }
}

/** Lists each audio player foliate-js makes, with the path of its file in the book. */
function watchPlayers(book) {
  // foliate-js keeps its player private and plays blobs, so the way from path to blob to URL to player is followed.
  const players = []
  const pathOfBlob = new WeakMap()
  const pathOfUrl = new Map()
  const { loadBlob } = book
  const { createObjectURL } = URL
  const BrowserAudio = window.Audio

  book.loadBlob = async path => {
    const blob = await loadBlob(path)
    if (blob) pathOfBlob.set(blob, path)
    return blob
  }
  URL.createObjectURL = blob => {
    const url = createObjectURL(blob)
    pathOfUrl.set(url, pathOfBlob.get(blob))
    return url
  }
  window.Audio = function (url) {
    const audio = new BrowserAudio(url)
    players.push({ audio, path: pathOfUrl.get(url) })
    return audio
  }
  return players
}

function takeSample(player, view, activeClass) {
  if (!player || player.audio.paused || player.audio.ended || player.audio.seeking) return undefined
  const [{ doc, index }] = view.renderer.getContents()
  const highlighted = Array.from(doc.getElementsByClassName(activeClass), element => element.id)
  return {
    audio: player.path,
    time: player.audio.currentTime,
    document: index,
    seen: highlighted.join(' ') || null,
  }
}

function secondsPlayed({ played }) {
  let sum = 0
  for (let i = 0; i < played.length; i++) sum += played.end(i) - played.start(i)
  return sum
}

function judge(samples, clips, speed) {
  const report = {
    samples: 0, right: 0, right_within_250ms: 0, none: 0, outside_clips: 0,
    documents_entered: 0, ids_seen: [], late: [],
  }
  const documents = new Set()
  let previous

  for (const sample of samples) {
    const { time, document, seen } = sample
    if (seen) {
      documents.add(document)
      if (seen !== previous?.seen || document !== previous.document) report.ids_seen.push(seen)
      previous = sample
    }

    const expected = expectedClip(sample, clips)
    if (!expected) {
      report.outside_clips++
      continue
    }
    report.samples++
    if (!seen) report.none++
    if (isShown(expected, sample)) {
      report.right++
      report.right_within_250ms++
    } else {
      if (changedJustNow(sample, expected, clips, speed)) report.right_within_250ms++
      report.late.push({ time: round(time), document: expected.document, expected: expected.id, seen })
    }
  }
  report.documents_entered = documents.size
  return report
}

function expectedClip({ audio, time, document }, clips) {
  const playing = clips.filter(clip => clip.audio === audio && clip.begin <= time && time < clip.end)
  // Two documents may share audio, as a heading and its line in the table of contents can.
  return playing.find(clip => clip.document === document) ?? playing[0]
}

const isShown = (clip, { document, seen }) => clip.document === document && clip.id === seen

/** Whether the highlight was still right a quarter of a second ago, by the clock on the wall. */
function changedJustNow(sample, expected, clips, speed) {
  const earlier = clips.slice(0, clips.indexOf(expected))
  const shown = earlier.findLastIndex(clip => isShown(clip, sample))
  if (shown === -1) return false
  const next = clips[shown + 1]
  return next.audio === sample.audio && sample.time - next.begin < TOLERANCE_SECONDS * speed
}

const round = seconds => Math.round(seconds * 1000) / 1000
