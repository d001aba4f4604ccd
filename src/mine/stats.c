#include "mine/stats.h"

#include <math.h>

struct interval stats_wilson(uint64_t k, uint64_t n)
{
    if (n == 0)
        return (struct interval){NAN, NAN};
    double z2 = STATS_Z95 * STATS_Z95, count = (double)n, share = (double)k / count;
    double centre = (share + z2 / (2 * count)) / (1 + z2 / count);
    double half = STATS_Z95 *
                  sqrt(share * (1 - share) / count + z2 / (4 * count * count)) /
                  (1 + z2 / count);
    return (struct interval){k == 0 ? 0 : fmax(0, centre - half),
                             k == n ? 1 : fmin(1, centre + half)};
}

double stats_normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* A polynomial with coefficients from the constant upwards. */
static double polynomial(const double *c, size_t count, double x)
{
    double sum = 0;
    for (size_t i = count; i-- > 0;)
        sum = sum * x + c[i];
    return sum;
}

double stats_normal_quantile(double p)
{
    static const double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                               1.9715909503065514427e3, 1.3731693765509461125e4,
                               4.5921953931549871457e4, 6.7265770927008700853e4,
                               3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double b[] = {1.0,
                               4.2313330701600911252e1,
                               6.8718700749205790830e2,
                               5.3941960214247511077e3,
                               2.1213794301586595867e4,
                               3.9307895800092710610e4,
                               2.8729085735721942674e4,
                               5.2264952788528545610e3};
    static const double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                               5.76949722146069140550e0,  3.64784832476320460504e0,
                               1.27045825245236838258e0,  2.41780725177450611770e-1,
                               2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[] = {1.0,
                               2.05319162663775882187e0,
                               1.67638483018380384940e0,
                               6.89767334985100004550e-1,
                               1.48103976427480074590e-1,
                               1.51986665636164571966e-2,
                               5.47593808499534494600e-4,
                               1.05075007164441684324e-9};
    static const double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                               1.78482653991729133580e0,  2.96560571828504891230e-1,
                               2.65321895265761230930e-2, 1.24266094738807843860e-3,
                               2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[] = {1.0,
                               5.99832206555887937690e-1,
                               1.36929880922735805310e-1,
                               1.48753612908506148525e-2,
                               7.86869131145613259100e-4,
                               1.84631831751005468180e-5,
                               1.42151175831644588870e-7,
                               2.04426310338993978564e-15};
    if (!(p > 0 && p < 1))
        return NAN;
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, 8, r) / polynomial(b, 8, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double z = r <= 5 ? polynomial(c, 8, r - 1.6) / polynomial(d, 8, r - 1.6)
                      : polynomial(e, 8, r - 5) / polynomial(f, 8, r - 5);
    return q < 0 ? -z : z;
}

/* The continued fraction of I_x(a, b), which converges fast for x < (a + 1) / (a + b +
 * 2).
 */
static double beta_fraction(double x, double a, double b)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m <= 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return value;
}

double stats_beta(double x, double a, double b)
{
    if (!(a > 0 && b > 0) || isnan(x))
        return NAN;
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front =
        exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double stats_t_cdf(double t, double df)
{
    if (!(df > 0) || isnan(t))
        return NAN;
    double tail = 0.5 * stats_beta(df / (df + t * t), df / 2, 0.5);
    return t < 0 ? tail : 1 - tail;
}

double stats_t_quantile(double p, double df)
{
    if (!(p > 0 && p < 1) || !(df > 0))
        return NAN;
    if (p < 0.5)
        return -stats_t_quantile(1 - p, df);
    double low = 0, high = 1;
    while (stats_t_cdf(high, df) < p && high < 1e300)
        high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
        double middle = low + (high - low) / 2;
        if (stats_t_cdf(middle, df) < p)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

double stats_quantile_rank(size_t n, double p, size_t *ret_rank)
{
    double at = (double)(n - 1) * p;
    size_t rank = (size_t)at;
    if (rank >= n - 1)
        rank = n - 1, at = (double)rank;
    *ret_rank = rank;
    return at - (double)rank;
}

double stats_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0)
        return NAN;
    size_t rank;
    double fraction = stats_quantile_rank(n, p, &rank);
    if (fraction == 0)
        return sorted[rank];
    return sorted[rank] + fraction * (sorted[rank + 1] - sorted[rank]);
}

struct interval stats_mean_interval(double mean, double variance, uint64_t n)
{
    if (n < 2)
        return (struct interval){NAN, NAN};
    double half = stats_t_quantile(0.975, (double)(n - 1)) * sqrt(variance / (double)n);
    return (struct interval){mean - half, mean + half};
}
