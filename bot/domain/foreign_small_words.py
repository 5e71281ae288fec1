"""Small words of other languages than English around an org's name: "ist prod bereit?", "où en est prod ?"."""

from __future__ import annotations

_BY_LANGUAGE = {
    "German": "aktuell alles am auf bei bereit bitte da das den denn der die eigentlich ein es fertig funktioniert"
    " für geht gut hat ich ihr im ist jetzt kaputt klappt los läuft mal mit nicht noch ob oder schon sind"
    " so stand status steht um und uns unser unsere von warum was wie wieso wir zu zum zur zustand",
    "French": "actuellement au c'est ce comment dans de des du déjà elle en encore est est-ce est-elle est-il et"
    " etat il l'org l'état la le les marche ne notre ou où pas plait plaît pour pourquoi pret prêt prête"
    " qu'est-ce que quel s'il statut sur te va vous ça état",
    "Spanish": "como con cual cuál cómo de el en es esta estado está hay la lista listo no nuestra nuestro pasa por"
    " porque que qué se sigue ya",
    "Portuguese": "a com como da do e em estado está estão já não o os pronta pronto qual que situação são tem tudo é",
    "Italian": "al che com'è come cosa del della di funziona già ha il in la lo non perché pronta pronto qual quale"
    " sta stato va è",
    "Dutch": "de en gaat goed het hoe is klaar met naar niet nog nu onze staat van voor waarom wat werkt",
    "Danish and Swedish": "av den det er fungerar för går hur hvad hvordan ikke inte klar med och på redo vad virker"
    " är",
    "Polish": "czy dlaczego działa gotowa gotowe gotowy jak jest już nie w z",
    "Russian and Ukrainian": "в готов готова готовий готово для и как ли не по почему працює работает с состояние"
    " стан статус у чи что як",
    "Turkish": "durum durumu hazır mi mu mı nasıl neden çalışıyor",
    "Chinese": "准备好了吗 好了吗 怎么样 怎麼樣 準備好了嗎 状态 狀態",
    "Japanese": "の準備は の状態 の状態は はどう 状態",
    "Korean": "상태 상태는 어때 준비됐나요",
}

IN_OTHER_LANGUAGES = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
"""What stands around an org's name in such a question; beside anything else it says something else."""
