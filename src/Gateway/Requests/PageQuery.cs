using AkkaScale.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Requests;

/// <summary>Where a page begins and how long it is.</summary>
/// <param name="After">Items of a higher version.</param>
internal readonly record struct PageQuery(long After, int Limit)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 500;

    /// <summary>Unknown parameters are ignored: intermediaries add some of their own.</summary>
    public static Problem? TryParse(IQueryCollection query, out PageQuery page)
    {
        page = new(0, DefaultLimit);
        if (query.TryGetValue("after", out var after))
        {
            if (after is not [{ } text] || !RequestHeaders.TryParseNumber(text, out var version))
            {
                return Problem.BadRequest(ProblemCodes.RequestAfter, "after must be given once, a version from 0.");
            }

            page = page with { After = version };
        }

        if (query.TryGetValue("limit", out var limit))
        {
            if (limit is not [{ } text] || !RequestHeaders.TryParseNumber(text, out var number) || number is < 1 or > MaxLimit)
            {
                return Problem.BadRequest(ProblemCodes.RequestLimit, $"limit must be given once, a number from 1 to {MaxLimit}.");
            }

            page = page with { Limit = (int)number };
        }

        return null;
    }
}
