using AkkaScale.Gateway.Answers;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Gateway.Requests;

/// <summary>
/// How sure a read must be: <c>?consistency=confirmed</c>, or nothing. Any other value is refused, so that nobody who has misspelt it believes in a confirmation
/// that there was not.
/// </summary>
internal static class ConsistencyQuery
{
    public const string Name = "consistency";
    public const string Confirmed = "confirmed";

    public static Problem? TryRead(IQueryCollection query, out bool isConfirmed)
    {
        isConfirmed = query.TryGetValue(Name, out var values);
        return !isConfirmed || values is [Confirmed]
            ? null
            : Problem.BadRequest(ProblemCodes.RequestConsistency, "consistency must be given once, as confirmed, or not at all.");
    }
}
