"""German sentences that nobody wrote: threats, hatred and what only looks like it, and spam.

The one German collection has tweets of two years that were asked for offence alone. Patterns of our
own, in ``statements-de.txt`` and below, say what else there is. As in ``statements``, some patterns
and some groups of people are for testing alone, and life is less kind than what we measure on them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from training.statements import FOR_TUNING, HELD_OUT, Statement, read_patterns

PATTERNS = Path(__file__).with_name("statements-de.txt")
EACH, EACH_UNHEARD = 20, 5
TUNED_EVERY = 7
"""Which patterns are for tuning: so few would hardly fall there by chance."""

PEOPLE = """
Muslime|Juden/Juden|Christen/Christen|Katholiken/Katholiken|Türken/Türken|Polen/Polen|Araber
Rumänen/Rumänen|Russen/Russen|Ukrainer|Syrer|Afghanen/Afghanen|Afrikaner|Chinesen/Chinesen|Italiener
Amerikaner|Griechen/Griechen|Roma/Roma|Zigeuner|Ausländer|Flüchtlinge|Migranten/Migranten
Asylbewerber|Frauen/Frauen|Männer|Mädchen/Mädchen|Lesben/Lesben|Transfrauen/Transfrauen|Rentner
Feministinnen/Feministinnen|Rollstuhlfahrer|Ossis/Ossis|Schwaben/Schwaben|Alleinerziehende/Alleinerziehenden
Moslems/Moslems|Israelis/Israelis|Iraner|Albaner|Serben/Serben
"""
UNHEARD = """
Kurden/Kurden|Tamilen/Tamilen|Hindus/Hindus|Sorben/Sorben|Dänen/Dänen|Äthiopier|Jesiden/Jesiden
Vietnamesen/Vietnamesen|Legastheniker|Witwen/Witwen|Portugiesen/Portugiesen
"""
SLOTS = {
    "awful": "widerlich|dumm|dreckig|faul|ekelhaft|verlogen|primitiv|kriminell|minderwertig|böse",
    "lovely": "freundlich|fleißig|hilfsbereit|klug|nett|großzügig|ehrlich|lustig",
    "beasts": "Ratten|Schweine|Parasiten|Affen|Ungeziefer|Heuschrecken|Tiere|Maden|Abschaum|Hunde",
    "beasts_dat": "Ratten|Schweinen|Parasiten|Affen|Heuschrecken|Tieren|Maden|Hunden",
    "harmed": "erschossen|erhängt|verprügelt|getötet|verbrannt|vergast|abgestochen|ertränkt"
    "|erschlagen|umgebracht|hingerichtet|überfahren",
    "harm_inf": "erschießen|aufhängen|verprügeln|umbringen|abstechen|ertränken|erschlagen|anzünden"
    "|überfahren",
    "harm_inf_zu": "erschießen|verprügeln|ertränken|erschlagen|ermorden",
    "harm_fin": "erschießt|verprügelt|erschlägt|ertränkt|überfährt",
    "fool": "ein Idiot|ein Vollidiot|ein Trottel|ein Versager|ein Schwachkopf|ein Lügner"
    "|ein Hohlkopf|ein Depp|ein Clown|ein Feigling|ein Volltrottel|ein Dummkopf",
    "fool_acc": "einen Idioten|einen Trottel|einen Versager|einen Schwachkopf|einen Lügner"
    "|einen Hohlkopf|einen Deppen|einen Clown|einen Feigling",
    "name": "Herr Krüger|Frau Scholz|der Bürgermeister|Meyer|Thomas|Sabine|Mehmet|der Minister"
    "|die Autorin|Herr Novak|Jens|die Landrätin|Özdemir",
    "thing": "der Drucker|die Umgehungsstraße|das Handy|der neue Bahnhof|die Suppe|der Kreisel"
    "|das Spiel|die Bahn|der Fahrradweg|die Webseite|der Film",
    "swear": "Scheiße|verdammte Scheiße|Fuck|verfluchter Mist|so eine Scheiße|verdammt",
    "swearnoun": "Arschloch|Wichser|Hurensohn|Scheißkerl|Drecksau|Pisser|Arsch|Bastard",
    "sum": "3.500 Euro|900 € in der Woche|85 Euro pro Stunde|12.000 Euro im Monat|2.300 €",
    "link": "http://bit.ly/{x}|www.{x}-jobs.example|https://{x}.shop|t.me/{x}|{x} Punkt com",
    "kin": "meine Schwester|mein Nachbar|eine Freundin|mein Schwager|eine Kollegin",
    "drug": "Viagra|Cialis|Abnehmpillen|Keto-Tropfen|CBD-Öl|Potenzmittel",
    "coin": "Bitcoin|Ethereum|Krypto|Forex",
    "way": "WhatsApp +49 151 5550{n}|Telegram @{x}|{x}@mail.example|Anruf unter 030 5550{n}",
    "good": "Schuhe|Handtaschen|Uhren|Sonnenbrillen|Turnschuhe|Trikots",
    "brand": "Gucci|Rolex|Nike|Louis Vuitton|Ray-Ban|Adidas",
    "loan": "Kredit|Privatkredit|Sofortkredit|Firmenkredit",
    "game": "Casino|Online-Slots|Poker|Sportwetten|Roulette",
    "seller": "Herr Frank|Dr. Ogun|Frau Lopez|Coach Daniel|Prophet Emeka|Experte Lewis",
}
SPAM = """
Ich verdiene {sum} von zu Hause aus, {kin} hat mir diese Seite gezeigt: {link}
Heimarbeit ohne Vorkenntnisse, {sum} garantiert, jetzt anmelden: {link}
Seit ich gekündigt habe, verdiene ich {sum} am Laptop. So geht es: {link}
Mein letzter Lohn waren {sum} für zehn Stunden Arbeit im Internet. Mehr hier: {link}
{drug} ohne Rezept, bester Preis, diskreter Versand: {link}
Mit {drug} habe ich 20 Kilo in einem Monat verloren, siehe {link}
{drug} jetzt mit 50 % Rabatt bestellen: {link}
500 Euro in {coin} angelegt, nach sieben Tagen {sum} zurück. Kontakt: {way}
{seller} ist der beste Broker für {coin}, meldet euch unter {way}
Verdoppeln Sie Ihre {coin} in 24 Stunden, sicher und seriös, {way}
{loan} ohne Schufa, Zusage in 24 Stunden, {way}
Sie brauchen dringend einen {loan}? 2 % Zinsen, schreiben Sie an {way}
Original {brand} {good}, nur heute 80 % günstiger, Versand frei: {link}
{brand} {good} billig, beste Qualität, bestellen unter {link}
{game} spielen und {sum} gewinnen, Bonus ohne Einzahlung: {link}
Bestes {game} im Netz, Auszahlung sofort, hier registrieren {link}
Toller Beitrag! Ich habe darüber auch etwas geschrieben, besucht meine Seite {link}
Sehr hilfreicher Artikel, weiter so. Schaut auch hier vorbei: {link}
Mein Mann kam zu mir zurück, nachdem {seller} einen Liebeszauber gesprochen hat. {way}
{seller} holt verlorene Partner in drei Tagen zurück, {way}
10.000 echte Follower für wenig Geld: {link}
Platz eins bei den Suchmaschinen, Backlinks kaufen: {link}
Einsame Frauen in deiner Nähe wollen chatten {link}
Das ganze Spiel gratis im Stream ohne Anmeldung {link}
Sie haben {sum} gewonnen, senden Sie Ihre Daten an {way}
Führerschein ohne Prüfung kaufen, registriert und echt, {way}
Hacker zu mieten, lesen Sie die Nachrichten Ihres Partners, {way}
Umzüge und Entrümpelung zum Tiefpreis, jetzt anrufen: {way}
"""
BEFORE = ("Ehrlich gesagt, ", "Also, ", "Mal ehrlich: ", "Übrigens: ", "Na ja, ", "Und ", "Leute, ")
AFTER = (" Punkt.", " So ist das.", " Denkt mal darüber nach.", " Schönen Abend noch.", " Basta!")
_SLOT = re.compile(r"{(\w+)}")


def made_up(seed: int) -> Iterator[Statement]:
    """Give made-up statements, each pattern a group, and what is for testing named so."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    known, unheard = _names(PEOPLE), _names(UNHEARD)
    for pattern in read_patterns(PATTERNS.read_text(encoding="utf-8").splitlines()):
        group = f"statement-de-{pattern.number}"
        if pattern.is_held_out:
            group = f"{HELD_OUT}{group}"
        elif pattern.number % TUNED_EVERY == 0:
            group = f"{FOR_TUNING}{group}"
        for text in (_fill(pattern.text, chance.choice(known), chance) for _ in range(EACH)):
            yield Statement(_dress(text, chance), pattern.kind, pattern.shares, group)
        if "{people" in pattern.text:
            told = f"{HELD_OUT}unheard-de-{pattern.number}"
            for text in (
                _fill(pattern.text, one, chance) for one in chance.sample(unheard, EACH_UNHEARD)
            ):
                yield Statement(_dress(text, chance), pattern.kind, pattern.shares, told)


def spam(seed: int, *, each: int = 40) -> Iterator[tuple[str, str]]:
    """Give made-up spam, each text with the name of its pattern."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    sides = {3: FOR_TUNING, 7: HELD_OUT}
    for number, pattern in enumerate(SPAM.strip().splitlines()):
        for _ in range(each):
            yield _fill(pattern, ("", ""), chance), f"{sides.get(number % 8, '')}spam-de-{number}"


def _names(told: str) -> list[tuple[str, str]]:
    """Return groups of people as they stand by themselves, and after a preposition like *von*."""
    names = (name.partition("/") for name in told.strip().replace("\n", "|").split("|"))
    return [(name, dative or f"{name}n") for name, _, dative in names]


def _fill(pattern: str, people: tuple[str, str], chance: random.Random) -> str:
    told = {"people": people[0], "people_dat": people[1], "n": str(chance.randrange(1000, 9999))}
    told["x"] = "".join(chance.choice("abcdefghiklmnoprstuvwz") for _ in range(7))

    def choose(slot: re.Match[str], told: Mapping[str, str] = told) -> str:
        return told.get(slot[1]) or chance.choice(SLOTS[slot[1]].split("|"))

    # A slot may be filled with what has slots of its own.
    return _SLOT.sub(choose, _SLOT.sub(choose, pattern))


def _dress(text: str, chance: random.Random) -> str:
    text = text[0].upper() + text[1:]
    if chance.random() < 0.15:
        text = chance.choice(BEFORE) + text
    if text[-1] not in "?!.":
        text += chance.choice([".", ".", "!", "", "!!"])
    if chance.random() < 0.15:
        text += chance.choice(AFTER)
    how = chance.random()
    if how < 0.2:
        return text.lower()
    if how < 0.24:
        return text.upper()
    if how < 0.32:
        # People without the keys for them write umlauts so.
        for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
            text = text.replace(letter, pair)
    return text
