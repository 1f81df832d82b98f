using AkkaScale.Hosting.EngineFacts;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.Management;

/// <summary>As <see cref="ManagementResults"/>, for what still asks the present engine itself instead of <see cref="Facts"/>.</summary>
internal static class EngineAnswers
{
    public static Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, int status = StatusCodes.Status200OK) =>
        ManagementResults.AnswerAsync(() => EngineQuestions.AskAsync(ask), status);

    /// <inheritdoc cref="ManagementResults.AnswerAsync{T}(Func{Task{T}},Func{T,IResult})"/>
    public static Task<IResult> AnswerAsync<T>(Func<Task<T>> ask, Func<T, IResult> show) =>
        ManagementResults.AnswerAsync(() => EngineQuestions.AskAsync(ask), show);
}
