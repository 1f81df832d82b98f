using AkkaScale.Hosting.Doctor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace AkkaScale.Hosting.Management;

/// <summary>What is not as it should be, and what a fault would cost.</summary>
internal static class DoctorEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/doctor", (Examination examination, CancellationToken stop) =>
            EngineAnswers.AnswerAsync(async () => DoctorAnswer.Of(await examination.DiagnoseAsync(stop))));
}
