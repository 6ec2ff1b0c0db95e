"""Quality tests of readings: those of QARTOD, and those that air and water have of their own.

Each test is a function on arrays ``(…, time)`` of float64 with NaN where a value is missing, and gives flags of
`qingchuan.processing.flags`. Missing and infinite values get 9; the values themselves are never changed. `assess` runs
on each item what its thresholds ask for, and says of each flag which test set it; `explain_flag` says why.

=============================  =======================================================================================
`gap`                          missing values, missing steps, moments too far apart: QARTOD test 1
`gross_range`                  outside what the instrument may tell or what is usual: QARTOD test 4
`spike`                        away from the values before and after, by two methods: QARTOD test 6
`rate_of_change`               faster than it can: QARTOD test 7
`flat_line`                    within a tolerance for too long: QARTOD test 8
`logic`                        a part above its whole, such as PM2.5 above PM10: QARTOD test 9 (multi-variate); LRF
`network`                      far from the neighbours at the same time: QARTOD test 11 (neighbour)
`zeros`                        exactly zero (ZF); below zero
`constant`                     the same value period after period (CF)
`outlier`                      far above the days before (OVL)
`aggregate`                    one flag of many
=============================  =======================================================================================

LRF, ZF, CF and OVL are the letters by which automatic audits of Chinese water stations name their tests. Not here are
QARTOD's tests 2 and 3 (syntax, location: decoding and the registry see to them), 5 (climatology) and 10 (attenuated
signal), and what follows from zero and span checks.

The numbers of the tests are those of the manual for dissolved nutrients [2]_; the other manuals have the same.

References
----------
.. [1] U.S. Integrated Ocean Observing System, Manual for the Use of Real-Time Oceanographic Data Quality Control Flags,
   version 1.2, 2020. https://doi.org/10.25923/w8y6-d298
.. [2] U.S. Integrated Ocean Observing System, Manual for Real-Time Quality Control of Dissolved Nutrients Data,
   version 1.1, 2018. https://doi.org/10.7289/V5TT4P7R
.. [3] U.S. Integrated Ocean Observing System, Manual for Real-Time Quality Control of Dissolved Oxygen Observations,
   version 2.1, 2018. https://doi.org/10.25923/q0m1-d488
.. [4] U.S. Integrated Ocean Observing System, Manual for Real-Time Quality Control of pH Data, version 1.0, 2019.
   https://doi.org/10.25923/111k-br08
.. [5] U.S. Integrated Ocean Observing System, Manual for Real-Time Quality Control of In-situ Temperature and Salinity
   Data, version 2.0, 2016. https://doi.org/10.7289/V5V40SD4
.. [6] B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC Quality Press, 1993.
"""
