using AkkaScale.Management.Doctor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using static AkkaScale.Management.Api.ManagementResults;

namespace AkkaScale.Management.Api;

/// <summary>What is not as it should be, and what a fault would cost.</summary>
internal static class DoctorEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        "/doctor", (Examination examination, CancellationToken stop) =>
            AnswerAsync(async () => DoctorAnswer.Of(await examination.DiagnoseAsync(stop))));
}
