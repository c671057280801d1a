#include "analysis/reference_dgg.h"

namespace plumbago::analysis {
namespace {

using document::Point;

// tests/cases/analyze/reference_dgg computes them again from the published graphs.
constexpr Point kServices[] = {{1, 1},         {2, 0.6606},     {3, 0.5172},     {4, 0.184},
                               {5, 0.1436},    {6, 0.03741},    {7, 0.008976},   {8, 0.002605},
                               {10, 0.001989}, {12, 0.001388},  {14, 0.001377},  {17, 0.001372},
                               {18, 0.000197}, {25, 0.0001958}, {33, 0.0001949}, {40, 2.777e-6},
                               {50, 1.261e-6}, {65, 4.17e-7}};
constexpr Point kCalls[] = {{1, 1},           {2, 0.6606},      {3, 0.5456},      {4, 0.4717},
                            {5, 0.4281},      {6, 0.1207},      {7, 0.07898},     {8, 0.03818},
                            {10, 0.01163},    {15, 0.003076},   {20, 0.0007027},  {30, 0.0004769},
                            {50, 8.38e-5},    {100, 3.138e-5},  {200, 1.433e-5},  {500, 9.819e-6},
                            {1000, 7.099e-6}, {2000, 1.877e-6}, {3014, 2.843e-8}, {12888, 1.896e-8},
                            {21362, 9.478e-9}};
constexpr Point kDepth[] = {{0, 1},        {1, 0.6606},   {2, 0.1822},   {3, 0.04554},
                            {4, 0.04238},  {5, 2.057e-6}, {6, 1.327e-7}, {7, 4.739e-8},
                            {8, 2.843e-8}, {9, 1.896e-8}};
constexpr Point kInDegree[] = {{1, 1},        {2, 0.02282},  {3, 0.0005391}, {4, 3.383e-6},
                               {5, 5.306e-7}, {6, 1.749e-7}, {7, 1.809e-8},  {8, 6.03e-9}};
constexpr Point kOutDegree[] = {{0, 1},          {1, 0.5498},     {2, 0.2542},     {3, 0.07014},
                                {4, 0.02231},    {5, 0.009455},   {6, 0.004687},   {7, 0.001212},
                                {8, 0.001076},   {10, 0.001047},  {12, 0.0007928}, {16, 0.000792},
                                {17, 0.0001132}, {25, 0.0001131}, {34, 1.752e-6},  {50, 7.01e-7},
                                {64, 2.41e-7}};
constexpr Point kVariants[] = {
    {1, 1},          {2, 0.8471},       {5, 0.5502},     {10, 0.4543},    {20, 0.4385},
    {22, 0.3486},    {23, 0.1387},      {24, 0.03598},   {27, 0.02324},   {37, 0.01649},
    {55, 0.01424},   {100, 0.008996},   {181, 0.005997}, {266, 0.004498}, {408, 0.003748},
    {977, 0.001499}, {31059, 0.0007496}};
constexpr double kCacheServices[] = {0, 0.4137, 0.2325, 0.03186, 0.0001047, 0, 0};
constexpr double kCacheCalls[] = {0, 0.6109, 0.3564, 0.06409, 0.0002537, 0, 0};

}  // namespace

std::span<const Point> DggServices() { return kServices; }
std::span<const Point> DggCalls() { return kCalls; }
std::span<const Point> DggDepth() { return kDepth; }
std::span<const Point> DggInDegree() { return kInDegree; }
std::span<const Point> DggOutDegree() { return kOutDegree; }
std::span<const Point> DggVariants() { return kVariants; }
std::span<const double> DggCacheServices() { return kCacheServices; }
std::span<const double> DggCacheCalls() { return kCacheCalls; }

}  // namespace plumbago::analysis
