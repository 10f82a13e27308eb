// The sound: where it is, which sentence that is, and going to another.

'use strict'

{
  const audio = document.getElementById('audio')
  const sentences = reading.sentences

  // Just inside the sentence: a time may be rounded on its way through the browser.
  const INSIDE = 0.005
  const SECONDS_OF_A_STEP = 15
  // A sentence that is passed over shall not be heard to begin.
  const AHEAD = 0.06

  let current = -1
  let wanted
  const onSentence = []
  const onState = []

  const tell = () => { for (const listener of onSentence) listener(current) }
  const tellState = state => { for (const listener of onState) listener(state) }

  const look = () => {
    if (audio.seeking && wanted !== undefined) return
    const index = sentences.at(audio.currentTime)
    if (!audio.paused && passOver(index)) return
    if (index !== current) {
      current = index
      watchEnd()
      tell()
    }
  }

  const passOver = index => {
    const coming = sentences.at(audio.currentTime + AHEAD)
    if (coming < 0 || !sentences.isSkipped(coming) || wanted === coming) return false
    // Who goes into a table on purpose hears it to its end.
    if (coming === index && index === current) return false
    if (current >= 0 && sentences.isSkipped(current)) return false
    const next = sentences.nextRead(coming)
    if (next === undefined) {
      audio.pause()
      audio.currentTime = audio.duration
    } else {
      go(next)
    }
    return true
  }

  // A browser draws nothing on a page that is not seen, but tells when a cue ends: so the place is right there as well.
  const track = audio?.addTextTrack('metadata')
  let cue
  const watchEnd = () => {
    if (cue) track.removeCue(cue)
    cue = undefined
    if (current < 0) return
    cue = new VTTCue(sentences.begins[current], sentences.ends[current], '')
    cue.onexit = look
    track.addCue(cue)
  }

  const frame = () => {
    look()
    if (!audio.paused && !audio.ended) requestAnimationFrame(frame)
  }

  const goTo = time => {
    wanted = undefined
    audio.currentTime = Math.max(0, Math.min(time, audio.duration || time))
  }

  const go = index => {
    wanted = index
    audio.currentTime = sentences.begins[index] + INSIDE
    current = index
    watchEnd()
    tell()
  }

  /** What has failed once is not loaded again by itself, not even when the network is back. */
  const loadAgain = () => {
    const time = audio.currentTime
    audio.load()
    audio.currentTime = time
  }

  const play = () => {
    if (audio.error) loadAgain()
    return audio.play().catch(error => {
      // Another wish came before the sound did: nothing has failed.
      if (error.name !== 'AbortError') tellState('failed')
    })
  }

  if (audio) {
    audio.controls = false
    track.mode = 'hidden'
    audio.addEventListener('play', () => {
      requestAnimationFrame(frame)
      tellState('playing')
    })
    audio.addEventListener('playing', () => tellState('playing'))
    audio.addEventListener('waiting', () => tellState('waiting'))
    audio.addEventListener('pause', () => tellState(audio.error ? 'failed' : 'paused'))
    audio.addEventListener('seeked', () => {
      look()
      wanted = undefined
    })
    audio.addEventListener('timeupdate', look)
    audio.addEventListener('error', () => {
      // A sound that has failed counts as playing until somebody stops it.
      if (audio.paused) tellState('failed')
      else audio.pause()
    })
  }

  reading.voice = {
    audio,
    play,
    goTo,
    /** Goes to a sentence, and leaves it playing or not as it is. */
    go,
    pause: () => audio.pause(),
    toggle: () => (audio.paused ? play() : audio.pause()),
    get current() { return current },
    get isPlaying() { return audio !== null && !audio.paused },
    /** Has a function called with the index of the sentence that is spoken, -1 for none. */
    onSentence: listener => onSentence.push(listener),
    /** Has a function called with "playing", "waiting" (for the network), "paused" or "failed". */
    onState: listener => onState.push(listener),
    /** To the sentence, paragraph or heading before or after; where none is known, so many seconds on. */
    step(step, unit) {
      if (sentences.last < 0) goTo(audio.currentTime + step * SECONDS_OF_A_STEP)
      else go(sentences.neighbour(Math.max(0, current), step, unit))
    },
  }
}
