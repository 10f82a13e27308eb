// The bar of the player and the dialogs; what has changed is said in a word, and not while the voice speaks.

'use strict'

{
  const { voice, sentences } = reading
  const { audio } = voice
  const words = JSON.parse(document.body.dataset.words)
  const byId = id => document.getElementById(id)
  const status = byId('status')

  // Milliseconds without sound: after a jump in it there always are some.
  const PATIENCE = 1500

  const clock = seconds => {
    const whole = Math.floor(seconds || 0)
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    const padded = number => String(number).padStart(2, '0')
    return hours ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
  }

  const inWords = seconds => {
    const whole = Math.floor(seconds || 0)
    const parts = [
      [words.hours, Math.floor(whole / 3600)], [words.minutes, Math.floor(whole / 60) % 60], [words.seconds, whole % 60],
    ]
    return parts.filter(([, n], place) => n > 0 || place === 2).map(([text, n]) => text.replace('{n}', n)).join(' ')
  }

  reading.words = words

  let saying
  /** Has a screen reader say something short; of two things at once the later one. */
  reading.say = text => {
    clearTimeout(saying)
    status.textContent = ''
    // An element that gets the words it has says nothing.
    saying = setTimeout(() => { status.textContent = text }, 50)
  }

  const targetOf = link => byId(decodeURIComponent(link.hash.slice(1)))
  const firstSentenceIn = target => (target.matches('[data-begin]') ? target : target.querySelector('[data-begin]'))

  /** In the contents, the heading under which the voice is. */
  const markPlace = () => {
    let here
    for (const link of byId('contents').querySelectorAll('a[href]')) {
      link.removeAttribute('aria-current')
      const target = targetOf(link)
      const first = target && firstSentenceIn(target)
      if (first && sentences.indexOf(first) <= voice.current) here = link
    }
    here?.setAttribute('aria-current', 'location')
    here?.focus()
  }

  const openDialog = id => {
    byId(id).showModal()
    if (id === 'contents') markPlace()
  }

  reading.openDialog = openDialog

  for (const button of document.querySelectorAll('[data-opens]')) {
    button.setAttribute('aria-haspopup', 'dialog')
    button.addEventListener('click', () => openDialog(button.dataset.opens))
  }
  for (const dialog of document.querySelectorAll('dialog')) {
    dialog.addEventListener('click', event => {
      const closes = event.target.closest('[data-closes], a[href]')
      if (closes || event.target === dialog) dialog.close()
    })
  }

  // A heading that is chosen from the contents is heard from there as well, if the voice is speaking.
  byId('contents').addEventListener('click', event => {
    const link = event.target.closest('a[href]')
    const target = link && targetOf(link)
    if (!target) return
    event.preventDefault()
    reading.view.comeBack()
    const first = firstSentenceIn(target)
    const index = first ? sentences.indexOf(first) : undefined
    if (index === undefined) {
      target.tabIndex = -1
      target.focus()
    } else {
      voice.go(index)
      reading.roving.focus(index)
    }
    target.scrollIntoView({ block: 'start' })
  })

  if (audio) {
    const position = byId('position')
    const speed = byId('speed')
    const play = byId('play')

    const showTime = () => {
      if (!position.matches(':active')) position.value = audio.currentTime
      byId('elapsed').textContent = clock(audio.currentTime)
      position.style.setProperty('--done', `${100 * (position.value / position.max || 0)}%`)
    }
    const showLength = () => {
      if (!Number.isFinite(audio.duration)) return
      position.max = Math.ceil(audio.duration)
      byId('total').textContent = clock(audio.duration)
      showTime()
      tellPosition()
    }
    // Told when it is asked for: a screen reader says every change of a slider that has the focus.
    const tellPosition = () => {
      const text = words.of.replace('{elapsed}', inWords(position.value)).replace('{total}', inWords(audio.duration))
      position.setAttribute('aria-valuetext', text)
    }

    audio.addEventListener('timeupdate', showTime)
    audio.addEventListener('durationchange', showLength)
    showLength()
    position.addEventListener('input', () => {
      reading.view.comeBack()
      voice.goTo(Number(position.value))
      showTime()
      tellPosition()
    })
    position.addEventListener('focus', tellPosition)

    const showSpeed = () => {
      audio.playbackRate = reading.settings.speed
      audio.defaultPlaybackRate = reading.settings.speed
      speed.value = String(reading.settings.speed)
    }
    speed.addEventListener('change', () => reading.set('speed', Number(speed.value)))
    reading.onSetting(name => { if (name === 'speed') showSpeed() })
    showSpeed()

    /** One step slower (-1) or faster (1). */
    reading.changeSpeed = step => {
      const next = speed.options[speed.selectedIndex + step]
      if (!next) return
      reading.set('speed', Number(next.value))
      reading.say(`${words.speed}: ${next.textContent}`)
    }

    const notice = byId('notice')
    /** Shows and says what everybody must know who waits for the voice; "" when it is over. */
    const notify = text => {
      notice.textContent = text
      notice.hidden = text === ''
      if (text) reading.say(text)
    }

    play.addEventListener('click', voice.toggle)
    for (const [id, step, unit] of [
      ['previous', -1, 'sentence'], ['next', 1, 'sentence'], ['previous-block', -1, 'block'], ['next-block', 1, 'block'],
    ]) {
      byId(id).addEventListener('click', () => reading.step(step, unit))
    }

    /** To a neighbour, and there on the page. */
    reading.step = (step, unit) => {
      voice.step(step, unit)
      reading.view.show(voice.current)
    }

    let slow
    voice.onState(state => {
      clearTimeout(slow)
      if (state === 'waiting') {
        slow = setTimeout(() => notify(words.loading), PATIENCE)
        return
      }
      notify(state === 'failed' ? words.no_sound : '')
      const isPlaying = state === 'playing'
      document.body.classList.toggle('is-playing', isPlaying)
      const label = isPlaying ? words.pause : words.play
      play.setAttribute('aria-label', label)
      play.title = label
      // The button says by itself what it has become; the voice says by itself that it speaks.
      if (state === 'paused' && document.activeElement !== play) reading.say(words.paused)
    })
  }
}
