using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Api;

/// <summary>Answers as HTTP has them: what cannot be told or taken is a problem with its reason.</summary>
internal static class ManagementResults
{
    public static Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, int status = StatusCodes.Status200OK) =>
        AnswerAsync(ask, answer => Results.Json(answer, statusCode: status));

    /// <param name="show">How the answer is sent.</param>
    public static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, Func<T, IResult> show)
    {
        try
        {
            return show(await ask());
        }
        catch (OrderRefusedException refused)
        {
            return Results.Problem(
                title: refused.Title ?? (refused.Status == StatusCodes.Status503ServiceUnavailable ? "Not now" : "Refused"),
                detail: refused.Message, statusCode: refused.Status);
        }
        catch (FactsUnavailableException unavailable)
        {
            return Results.Problem(
                title: "The store does not answer", detail: unavailable.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>404 if there is no such region.</summary>
    public static Task<IResult> OfRegionAsync<T>(IClusterFacts facts, string region, Func<Task<T>> ask) => facts.Regions.Contains(region)
        ? AnswerAsync(ask)
        : Task.FromResult(Results.Problem(
            title: "Unknown region", detail: $"There is no region {region}; known are {string.Join(", ", facts.Regions)}.",
            statusCode: StatusCodes.Status404NotFound));

    /// <summary>404 if there is no such kind.</summary>
    public static Task<IResult> OfKindAsync<T>(IClusterFacts facts, string kind, Func<Task<T>> ask) => facts.Kinds.Contains(kind)
        ? AnswerAsync(ask)
        : Task.FromResult(Results.Problem(
            title: "Unknown kind", detail: $"There is no entity kind {kind}; known are {string.Join(", ", facts.Kinds)}.",
            statusCode: StatusCodes.Status404NotFound));
}
