// SPDX-License-Identifier: GPL-3.0-or-later
// A series of latencies a line in, its steps as "INDEX:slower" or "INDEX:faster" a line out.
#include "engine/health/stepdetector.h"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

int main()
{
    for (std::string line; std::getline(std::cin, line);) {
        signalbox::StepDetector detector;
        std::istringstream words(line);
        std::string word, result;
        for (int index = 0; words >> word; ++index) {
            // strtod, because a stream does not read "nan".
            if (const auto step = detector.add(std::strtod(word.c_str(), nullptr)))
                result += (result.empty() ? "" : " ") + std::to_string(index) + (step->slower ? ":slower" : ":faster");
        }
        std::cout << result << '\n';
    }
    return 0;
}
