/**
 * English words that are in every question and say nothing of its subject. They help to rank passages ("how long" is
 * not "how much") but never make one an answer.
 */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above actually after again ago all already also always am an and another any anyone anything are as ask asking at
  be because been before being believe both but by ca can could customer did do does doing done down each either else
  ever every few find first for from further get gets getting give go going good got had has have having he hello help
  her here hey hi him his hopefully how however i if in inform information into is it its just keep kind kindly know
  last later let like long look looking lot made make many may maybe me mean might more most much must my myself need needs
  never new next no nor not nothing now of off ok okay on once one only onto or other otherwise our out over own per
  please possible possibly put question questions quick quickly quite rather really regarding regards right said same
  say says see seem she should show since so some somehow something soon still such sure take taken takes tell than
  thank thanks that the their them themselves then there these they thing things think this those though through thus
  to today together told too tried try trying two under understand until up upon us use used using very via wa want
  wanted was way we week weeks well were what whatever when where whether which while who whole whom whose why will wish with
  within without wo work worked working works wonder wondering would yes yesterday yet you your yours yourself
  assist info u ur ya gonna gotta wanna gimme lemme damn goddamn bloody freaking fucking
  ah arent cant couldnt didnt doesnt dont havent hmm hows im isnt ive oh pls thats um wasnt whats wheres wont`.split(
    /\s+/,
  ),
);
