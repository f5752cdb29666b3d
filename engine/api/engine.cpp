// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/engine.h"

#include "moc_engine.cpp"
