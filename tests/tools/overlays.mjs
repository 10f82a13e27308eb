// Reads the media overlays of an EPUB from its XML, without foliate-js, whose reading they are compared with.

const OPF = 'http://www.idpf.org/2007/opf'
const SMIL = 'http://www.w3.org/ns/SMIL'
const SECONDS_IN = { h: 3600, min: 60, s: 1, ms: 0.001 }

/**
 * The class that marks the sentence being read, and all clips in reading order:
 * { document: spine index, id, audio: path, begin, end }.
 */
export async function readOverlays(loadText) {
  const readXml = async path => {
    const text = await loadText(path)
    if (!text) throw new Error(`The book has no file "${path}".`)
    return new DOMParser().parseFromString(text, 'application/xml')
  }
  const container = await readXml('META-INF/container.xml')
  const packagePath = container.querySelector('rootfile').getAttribute('full-path')
  const packageDocument = await readXml(packagePath)

  const activeClass = packageDocument.querySelector('meta[property="media:active-class"]')?.textContent.trim()
  if (!activeClass) throw new Error('The book declares no media:active-class.')

  const items = new Map(Array.from(
    packageDocument.getElementsByTagNameNS(OPF, 'item'), item => [item.id, item]))
  const spine = Array.from(
    packageDocument.getElementsByTagNameNS(OPF, 'itemref'), itemref => items.get(itemref.getAttribute('idref')))

  const clips = []
  for (const [document, item] of spine.entries()) {
    const overlay = items.get(item.getAttribute('media-overlay'))
    if (!overlay) continue
    const overlayPath = resolvePath(overlay.getAttribute('href'), packagePath)
    clips.push(...readClips(await readXml(overlayPath), overlayPath, document))
  }
  if (clips.length === 0) throw new Error('No spine item of the book has a media overlay with audio.')
  return { activeClass, clips }
}

function readClips(overlay, overlayPath, document) {
  const clips = []
  for (const par of overlay.getElementsByTagNameNS(SMIL, 'par')) {
    const [text] = par.getElementsByTagNameNS(SMIL, 'text')
    const [audio] = par.getElementsByTagNameNS(SMIL, 'audio')
    if (!text || !audio) continue
    clips.push({
      document,
      id: decodeURIComponent(text.getAttribute('src').split('#')[1] ?? ''),
      audio: resolvePath(audio.getAttribute('src'), overlayPath),
      begin: parseClock(audio.getAttribute('clipBegin')) ?? 0,
      end: parseClock(audio.getAttribute('clipEnd')) ?? Infinity,
    })
  }
  return clips
}

function resolvePath(href, base) {
  return decodeURIComponent(new URL(href, `http://book/${encodeURI(base)}`).pathname.slice(1))
}

/** Seconds of a SMIL clock value such as "1:02:03.5", "02:03" or "3.5s". */
function parseClock(value) {
  if (!value) return undefined
  if (value.includes(':')) return value.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  const [, number, unit] = value.trim().match(/^([\d.]+)(h|min|s|ms)?$/)
  return Number(number) * SECONDS_IN[unit ?? 's']
}
